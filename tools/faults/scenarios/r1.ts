// r1: events x fan-out 3 under kill -9 of every part that carries them. Nothing accepted is lost, and repeats are few and identical (R1, R2, R3).
import type { Customer } from '../customer.ts';
import { Faulter } from '../inflict.ts';
import { send } from '../load.ts';
import { conserved, fewDuplicates, seen, type Rig } from '../rig.ts';
import { scheduleOf } from '../schedule.ts';
import type { Run, Scenario, Verdict } from '../scenario.ts';
import { inHandOf, patient } from './usual.ts';

const victims = ['ingest', 'router', 'connector-webhook', 'retry', 'kafka'];
const type = 'fault.killed';
/** Three rules that take everything, one of which fails every delivery's first attempt now and then; a fourth takes one in a hundred. */
async function fanOut(rig: Rig): Promise<Customer> {
  const customer = await rig.customer();
  for (const name of ['one', 'two', 'three']) {
    await customer.rule({ type, url: rig.destination.url(`/${name}`), policy: patient });
  }
  await rig.destination.behave('/three', { kind: 'flapping', upMs: 5_000, downMs: 500 });
  await customer.rule({
    type,
    url: rig.destination.url('/hundredth'),
    policy: patient,
    conditions: { payload: { hundredth: [true] } },
    takes: ({ n }) => n % 100 === 0,
  });
  await customer.configured();
  return customer;
}

const draft = (n: number) => ({
  type,
  payload: JSON.stringify({ n, hundredth: n % 100 === 0, text: `größe ${n} ${'x'.repeat(n % 200)}` }),
});

async function run(rig: Rig, { events, kills, seed }: Run): Promise<Verdict> {
  const customer = await fanOut(rig);
  const ledger = rig.ledger();
  const schedule = scheduleOf({ seed, events, faults: kills, victims, strike: { kind: 'kill' } });
  const faulter = new Faulter(rig.plant, schedule, rig.tell);
  const bulk = events > 5_000 ? 10 : 1;
  const sent = await send({
    ...{ customer, ledger, events, draft, bulk, senders: 16 },
    onAccepted: (accepted) => faulter.reached(accepted),
  });
  await faulter.done();
  const found = await rig.audited(ledger, customer);
  const perSecond = (3 * events * 1_000) / sent.tookMs;
  return {
    criteria: [...conserved(found), ...fewDuplicates(found, { kills, inHand: inHandOf(3), perSecond })],
    notes: [
      ...seen(found),
      `${kills} kills; ${Math.round((events * 1_000) / sent.tookMs)} events a second; calls by status ${JSON.stringify(Object.fromEntries(sent.statuses))}`,
    ],
  };
}

export const r1: Scenario = {
  name: 'r1',
  proves: 'R1, R2, R3: kill -9 of ingest, router, connector, retry and broker loses nothing and repeats little',
  size: { events: 50_000, kills: 5, seconds: 0 },
  short: { events: 2_000, kills: 3, seconds: 0 },
  run,
};
