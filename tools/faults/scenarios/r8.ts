// r8: deliveries that fail once. None is tried again before it is due, and few much after (R8).
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { patient } from './usual.ts';

const waitsMs = [1_000, 3_000, 10_000];
const perSecond = 100;

async function run(rig: Rig, { events }: Run): Promise<Verdict> {
  const customer = await rig.customer();
  for (const waitMs of waitsMs) {
    const path = `/due/${waitMs}`;
    // An answer of a destination that is well: of others the breaker would open.
    await rig.destination.behave(path, { kind: 'status', status: 404, times: 1 });
    const policy = { ...patient, backoff_ms: waitMs, backoff_cap_ms: 20_000, jitter: 0.2 };
    await customer.rule({ type: `fault.due-${waitMs}`, url: rig.destination.url(path), policy });
  }
  await customer.configured();
  const ledger = rig.ledger();
  const draft = (n: number) => ({ type: `fault.due-${waitsMs[n % waitsMs.length]}`, payload: `{"n":${n}}` });
  await send({ customer, ledger, events, draft, perSecond, senders: 16 });
  const found = await rig.audited(ledger, customer);
  const { early, lateMs } = found.punctuality;
  return {
    criteria: [
      exactly(events, { what: 'retries', figure: lateMs.count + early }),
      exactly(0, { what: 'early', figure: early }),
      atMost(500, { what: 'late, p99', figure: lateMs.p99, unit: ' ms' }),
      ...conserved(found),
    ],
    notes: seen(found),
  };
}

export const r8: Scenario = {
  name: 'r8',
  proves: 'R8: no retry before it is due, the p99 of the others at most 500 ms late (delays up to 30 s)',
  size: { events: 5_000, kills: 0, seconds: 0 },
  short: { events: 1_000, kills: 0, seconds: 0 },
  run,
};
