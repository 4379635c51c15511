// r9: destinations answer 429 with Retry-After, in seconds and as a date. Nobody asks again before (R9, without rates).
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { intrusionsOf } from '../timing.ts';
import { numbered, patient } from './usual.ts';

const connections = 30;
const waitS = 4;

async function run(rig: Rig, { events }: Run): Promise<Verdict> {
  const customer = await rig.customer();
  const typeOf = (n: number): string => `fault.busy-${n % connections}`;
  for (let n = 0; n < connections; n++) {
    const path = `/busy/${n}`;
    const retryAfter = { seconds: waitS, as: n % 2 === 0 ? 'seconds' : 'date' } as const;
    await rig.destination.behave(path, { kind: 'status', status: 429, times: 1, retryAfter });
    await customer.rule({ type: typeOf(n), url: rig.destination.url(path), policy: patient });
  }
  await customer.configured();
  const ledger = rig.ledger();
  // Spread so that each destination has events to be sent while it has asked to wait.
  await send({ customer, ledger, events, draft: (n) => numbered(typeOf(n))(n), perSecond: 30, senders: 8 });
  const found = await rig.audited(ledger, customer);
  const { sameDelivery, anyDelivery } = intrusionsOf(found.evidence.requests);
  return {
    criteria: [
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
  size: { events: 600, kills: 0, seconds: 0 },
  short: { events: 150, kills: 0, seconds: 0 },
  run,
};
