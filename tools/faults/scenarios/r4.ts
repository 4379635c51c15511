// r4: the broker is stopped, then paused, under load. No event is answered 201 that is not in the log, and callers hear so in time (R4).
import { inflict, type Inflicted } from '../inflict.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atLeast, atMost, exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { numbered, oneRule } from './usual.ts';

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const type = 'fault.no-broker';
  const customer = await oneRule(rig, type);
  const ledger = rig.ledger();
  let isOver = false;
  const sending = send({
    ...{ customer, ledger, events: Infinity, draft: numbered(type), senders: 8, perSecond: 100 },
    insists: false,
    isOver: () => isOver,
  });
  const forMs = seconds * 1_000;
  const outages: Inflicted[] = [];
  for (const kind of ['halt', 'pause'] as const) {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    rig.tell(`${kind} kafka for ${seconds} s`);
    outages.push(await inflict(rig.plant, 'kafka', { kind, forMs }));
  }
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  isOver = true;
  const { calls, statuses } = await sending;
  const during = calls.filter(({ atMs, tookMs }) =>
    outages.some((outage) => atMs - tookMs > outage.atMs + 1_000 && atMs - tookMs < outage.atMs + forMs - 1_000),
  );
  const found = await rig.audited(ledger, customer);
  return {
    criteria: [
      exactly(0, { what: 'phantom 201', figure: found.lost.length }),
      atLeast(8, { what: 'calls during the outages', figure: during.length }),
      exactly(0, { what: 'other answers than 503 or 201', figure: during.filter(isOther).length }),
      atMost(5_000, { what: 'slowest answer', figure: Math.max(...during.map(({ tookMs }) => tookMs)), unit: ' ms' }),
      ...conserved(found),
    ],
    notes: [...seen(found), `all calls by status: ${JSON.stringify(Object.fromEntries(statuses))}`],
  };
}

/** A broker that stops in order still answers for a moment. */
const isOther = ({ status }: { status: number }): boolean => ![503, 201].includes(status);

export const r4: Scenario = {
  name: 'r4',
  proves: 'R4: with the broker stopped, 0 phantom 201 and 503 within 5 s',
  size: { events: 0, kills: 0, seconds: 20 },
  short: { events: 0, kills: 0, seconds: 8 },
  run,
};
