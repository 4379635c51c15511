// r10: connections in strict order and in order for each key, whose destinations fail in several ways, under kill -9. Nothing overtakes (R10).
import { invertedIn, type Evidence, type ExpectedRule } from '../audit.ts';
import type { Behaviour } from '../behaviour.ts';
import type { Customer } from '../customer.ts';
import { Faulter } from '../inflict.ts';
import { send } from '../load.ts';
import { wasTaken } from '../received.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { scheduleOf } from '../schedule.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { patient, untilTaken } from './usual.ts';

const victims = ['connector-webhook', 'router', 'retry'];
/** Well; failing shortly; refusing; asking for a pause; away for so long that the breaker opens, and well when its probe comes 60 s later. */
const behaviours: readonly Behaviour[] = [
  { kind: 'ok' },
  { kind: 'flapping', upMs: 2_000, downMs: 150 },
  { kind: 'flapping', upMs: 3_000, downMs: 300, status: 404 },
  { kind: 'flapping', upMs: 10_000, downMs: 300, status: 429 },
  { kind: 'flapping', upMs: 15_000, downMs: 25_000 },
];
const keys = 5;
const recoveryLimitMs = 300_000;

const destinationsOf = (events: number): number => Math.min(100, Math.max(10, Math.floor(events / 1_000)));
const typeOf = (line: number): string => `fault.ordered-${line}`;
const pathOf = (line: number): string => `/ordered/${line}`;

interface Line {
  readonly isStrict: boolean;
  readonly rule: ExpectedRule;
}

/** Two in three are strict; whichever order it has, a destination may fail in any of the ways. */
async function linesOf(rig: Rig, customer: Customer, destinations: number): Promise<Line[]> {
  const policy = { ...patient, client_error_max_attempts: patient.max_attempts };
  const lines: Line[] = [];
  for (let line = 0; line < destinations; line++) {
    const isStrict = line % 3 !== 2;
    await rig.destination.behave(pathOf(line), behaviours[line % behaviours.length] ?? { kind: 'ok' });
    const rule = await customer.rule({
      type: typeOf(line),
      url: rig.destination.url(pathOf(line)),
      policy: { ...policy, order: isStrict ? 'strict' : 'per_key' },
    });
    lines.push({ isStrict, rule });
  }
  await customer.configured();
  return lines;
}

async function run(rig: Rig, { events, kills, seconds, seed }: Run): Promise<Verdict> {
  const customer = await rig.customer();
  const destinations = destinationsOf(events);
  const lines = await linesOf(rig, customer, destinations);
  const ledger = rig.ledger();
  const schedule = scheduleOf({ seed, events, faults: kills, victims, strike: { kind: 'kill' } });
  const faulter = new Faulter(rig.plant, schedule, rig.tell);
  const each = Math.floor(events / destinations);
  let accepted = 0;
  /** One call after the other: the order of a line's events is that in which they are accepted. One resource id has one partition. */
  const sendLine = ({ isStrict }: Line, line: number) =>
    send({
      ...{ customer, ledger, events: each, first: line * each, senders: 1, perSecond: each / (kills * seconds) },
      draft: (n) => ({
        type: typeOf(line),
        payload: `{"line":${line},"n":${n}}`,
        resourceId: isStrict ? `line-${line}` : `line-${line}.key-${n % keys}`,
      }),
      onAccepted: () => faulter.reached(++accepted),
    });
  await Promise.all(lines.map(sendLine));
  await faulter.done();
  for (const { rule } of lines) await rig.destination.behave(rule.path, { kind: 'ok' });
  await untilTaken(rig, each * destinations, recoveryLimitMs);
  const found = await rig.audited(ledger, customer);
  const rulesOf = (isStrict: boolean) => lines.filter((line) => line.isStrict === isStrict).map(({ rule }) => rule);
  const strict = invertedIn({ ...found.evidence, rules: rulesOf(true) });
  const perKey = invertedIn({ ...withoutRefused(found.evidence), rules: rulesOf(false) });
  return {
    criteria: [
      exactly(0, { what: 'inversions, strict', figure: strict.length }),
      exactly(0, { what: 'inversions, per key, of what was never refused', figure: perKey.length }),
      exactly(each * destinations, { what: 'delivered', figure: found.states.delivered }),
      ...conserved(found),
    ],
    notes: [
      ...seen(found),
      `${lines.length} destinations, ${rulesOf(true).length} of them strict; ${kills} kills, one in about ${seconds} s`,
      `${found.evidence.requests.filter((request) => !wasTaken(request)).length} requests refused`,
      ...[...strict, ...perKey].slice(0, 10).map(({ event, rule, why }) => `event ${event}, rule ${rule}: ${why}`),
    ],
  };
}

/** In order for each key, what fails comes again behind its followers: that is what this order promises. */
function withoutRefused(evidence: Evidence): Evidence {
  const refused = new Set(evidence.requests.filter((request) => !wasTaken(request)).map(({ id }) => id));
  return { ...evidence, requests: evidence.requests.filter(({ id }) => !refused.has(id)) };
}

export const r10: Scenario = {
  name: 'r10',
  proves:
    'R10: strict order and order for each key, 0 inversions after de-duplication under kill -9 (seconds: between kills)',
  size: { events: 20_000, kills: 10, seconds: 15 },
  short: { events: 1_000, kills: 3, seconds: 15 },
  run,
};
