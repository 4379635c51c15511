// slow: one busy destination works, but takes ten seconds for each answer. Others, also of its partition, go on as before, and are not
// done again when the connector is killed behind it (R2, R5).
import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../customer.ts';
import { inflict } from '../inflict.ts';
import { send } from '../load.ts';
import { wasTaken, type Received } from '../received.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { arrivalsOf, spreadOf } from '../timing.ts';
import { numbered, patient, untilTaken } from './usual.ts';

/** More than partitions, so that some share the slow one's. */
const healthy = 12;
const groups = 4;
const deliveriesPerEvent = 1 + healthy / groups;
const perSecond = 130;
const answerMs = 10_000;
const slowPath = '/slow';
/** What was parked for the slow one has to come, once it is quick again. */
const drainLimitMs = 300_000;
/** Longer than an answer takes, so that the slow one's attempts hold up what may be committed when the kill comes. */
const killPhaseS = 24;
/** What is finished behind a slow record is noted once a second. */
const noteEveryS = 1;
const typeOf = (n: number): string => `fault.slow-${n % groups}`;

/** Every event goes to the slow one and to a quarter of the others. */
async function customerOf(rig: Rig): Promise<Customer> {
  const customer = await rig.customer();
  for (let n = 0; n < healthy; n++) {
    await customer.rule({ type: typeOf(n), url: rig.destination.url(`/healthy/${n}`), policy: patient });
  }
  const policy = { ...patient, timeout_ms: 15_000 };
  for (let n = 0; n < groups; n++) {
    await customer.rule({ type: typeOf(n), url: rig.destination.url(slowPath), policy });
  }
  await customer.configured();
  return customer;
}

async function run(rig: Rig, { seconds, kills }: Run): Promise<Verdict> {
  const customer = await customerOf(rig);
  const ledger = rig.ledger();
  const draft = (n: number) => numbered(typeOf(n))(n);
  const phase = (events: number, first: number) =>
    send({ customer, ledger, events, first, draft, perSecond, senders: 16 });
  const quietEvents = perSecond * Math.min(20, seconds);
  await phase(quietEvents, 0);
  const slowFromMs = Date.now();
  await rig.destination.behave(slowPath, { kind: 'slow', afterMs: answerMs });
  await phase(perSecond * seconds, quietEvents);
  const slowToMs = Date.now();
  for (let kill = 0; kill < kills; kill++) {
    const sending = phase(perSecond * killPhaseS, quietEvents + perSecond * seconds + kill * perSecond * killPhaseS);
    await sleep(killPhaseS * 500);
    rig.tell('kill connector-webhook');
    await inflict(rig.plant, 'connector-webhook', { kind: 'kill' });
    await sending;
  }
  await rig.destination.behave(slowPath, { kind: 'ok' });
  await untilTaken(rig, ledger.entries.length * deliveriesPerEvent, drainLimitMs);
  const found = await rig.audited(ledger, customer);

  const { requests } = found.evidence;
  const arrivals = arrivalsOf(ledger.entries, customer.rules, requests).filter(({ path }) => path !== slowPath);
  const doneTwice = arrivedTwice(requests.filter(({ path }) => path !== slowPath));
  const between = (from: number, to: number) =>
    spreadOf(arrivals.filter(({ sentAtMs }) => sentAtMs >= from && sentAtMs < to).map(({ tookMs }) => tookMs));
  const [before, beside] = [between(0, slowFromMs), between(slowFromMs, slowToMs)];
  return {
    criteria: [
      atMost(1_000, { what: 'healthy p99 added', figure: beside.p99 - before.p99, unit: ' ms' }),
      atMost(kills * perSecond * (healthy / groups) * noteEveryS, {
        what: 'healthy deliveries done twice',
        figure: doneTwice,
      }),
      ...conserved(found),
    ],
    notes: [
      ...seen(found),
      ...[before, beside].map(
        ({ count, p50, p99, max }, index) =>
          `${['before', 'beside the slow one'][index]}: ${count} healthy, ${p50} / ${p99} / ${max} ms (p50 / p99 / max)`,
      ),
      `one destination takes ${answerMs / 1_000} s for an answer, for ${seconds} s at ${perSecond} events a second`,
    ],
  };
}

function arrivedTwice(requests: readonly Received[]): number {
  const taken = requests.filter(wasTaken);
  return taken.length - new Set(taken.map(({ id }) => id)).size;
}

export const slow: Scenario = {
  name: 'slow',
  proves:
    'R2, R5: a busy destination that works but takes 10 s adds at most 1 s to the p99 of others, and no duplicates at a kill',
  size: { events: 0, kills: 1, seconds: 60 },
  short: { events: 0, kills: 1, seconds: 20 },
  run,
};
