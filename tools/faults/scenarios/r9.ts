// r9: destinations answer everybody with 429 and Retry-After for a while, in seconds and as a date. Nobody asks again before (R9).
import type { Customer } from '../customer.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { sideBySide } from '../side-by-side.ts';
import { intrusionsOf } from '../timing.ts';
import { numbered, patient } from './usual.ts';

/** Each takes what comes for 4 s, and then nothing for 4 s: in every such time it is asked, and has to ask for patience itself. */
const pace = { upMs: 4_000, downMs: 4_000 } as const;
/** One event in four seconds for each destination, so that in every busy time each is asked. */
const perSecondEach = 0.25;
const eventsEach = 15;
/** Connections that are made at once. */
const makers = 8;

const typeOf = (n: number): string => `fault.busy-${n}`;

async function connect(rig: Rig, customer: Customer, n: number): Promise<void> {
  const path = `/busy/${n}`;
  await rig.destination.behave(path, {
    kind: 'flapping',
    ...pace,
    status: 429,
    retryAs: n % 2 === 0 ? 'seconds' : 'date',
  });
  await customer.rule({ type: typeOf(n), url: rig.destination.url(path), policy: patient });
}

async function run(rig: Rig, { events }: Run): Promise<Verdict> {
  const destinations = Math.ceil(events / eventsEach);
  const customer = await rig.customer();
  rig.tell(`make ${destinations} connections`);
  await sideBySide(destinations, makers, (n) => connect(rig, customer, n));
  await customer.configured();
  const ledger = rig.ledger();
  const draft = (n: number) => numbered(typeOf(n % destinations))(n);
  await send({ customer, ledger, events, draft, perSecond: destinations * perSecondEach, senders: 8 });
  const found = await rig.audited(ledger, customer);
  const { requests } = found.evidence;
  const { sameDelivery, anyDelivery } = intrusionsOf(requests);
  const busy = new Set(requests.filter(({ status }) => status === 429).map(({ path }) => path));
  return {
    criteria: [
      exactly(destinations, { what: 'destinations that asked for patience', figure: busy.size }),
      exactly(0, { what: 'the same delivery before Retry-After', figure: sameDelivery }),
      exactly(0, { what: 'any delivery to that destination before it', figure: anyDelivery }),
      ...conserved(found),
    ],
    notes: seen(found),
  };
}

export const r9: Scenario = {
  name: 'r9',
  proves: 'R9: Retry-After in seconds and as a date, 0 requests before it (rates come with their policy)',
  size: { events: 15_000, kills: 0, seconds: 0 },
  short: { events: 450, kills: 0, seconds: 0 },
  run,
};
