// r6: one workspace sends a hundred times its share. The others' deliveries take at most twice as long (R6).
import type { Customer } from '../customer.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { arrivalsOf, spreadOf } from '../timing.ts';
import { numbered, oneRule } from './usual.ts';

const quietCount = 5;
const sharePerSecond = 2;
const type = 'fault.noisy';

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const quiet: Customer[] = [];
  for (let n = 0; n < quietCount; n++) {
    quiet.push(await oneRule(rig, type, { url: rig.destination.url(`/quiet/${n}`) }));
  }
  const noisy = await oneRule(rig, type, { url: rig.destination.url('/noisy') });
  const ledger = rig.ledger();
  const loud = rig.ledger();
  const draft = numbered(type);
  const events = sharePerSecond * seconds;
  const quietPhase = (first: number) =>
    Promise.all(
      quiet.map((customer) => send({ customer, ledger, events, first, draft, senders: 2, perSecond: sharePerSecond })),
    );
  await quietPhase(0);
  const loudFromMs = Date.now();
  const perSecond = 100 * sharePerSecond;
  const loudly = send({
    ...{ customer: noisy, ledger: loud, events: perSecond * seconds, draft, perSecond, senders: 16 },
  });
  await quietPhase(events);
  await loudly;
  const found = await rig.audited(ledger, ...quiet);
  const foundLoud = await rig.audited(loud, noisy);

  const arrivals = arrivalsOf(
    ledger.entries,
    quiet.flatMap(({ rules }) => rules),
    found.evidence.requests,
  );
  const [alone, beside] = [true, false].map((isBefore) =>
    spreadOf(arrivals.filter(({ sentAtMs }) => sentAtMs < loudFromMs === isBefore).map(({ tookMs }) => tookMs)),
  );
  return {
    criteria: [
      atMost(2 * (alone?.p99 ?? 0), { what: "the others' p99", figure: beside?.p99 ?? 0, unit: ' ms' }),
      ...conserved(found),
    ],
    notes: [
      `alone ${alone?.p50} / ${alone?.p99} / ${alone?.max} ms, beside the loud one ${beside?.p50} / ${beside?.p99} / ${beside?.max} ms (p50 / p99 / max)`,
      ...seen(found),
      ...seen(foundLoud),
    ],
  };
}

export const r6: Scenario = {
  name: 'r6',
  proves: "R6: one workspace at 100 times its share, the others' p99 at most doubles",
  size: { events: 0, kills: 0, seconds: 45 },
  short: { events: 0, kills: 0, seconds: 15 },
  run,
};
