// r6: one workspace sends a hundred times its share, then twice that to a destination so slow that its slots do not suffice. The others'
// deliveries take at most twice as long (R6).
import type { Customer } from '../customer.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { arrivalsOf, spreadOf, type Arrival, type Spread } from '../timing.ts';
import { numbered, oneRule, patient, untilTaken } from './usual.ts';

const quietCount = 5;
const sharePerSecond = 2;
const loudPerSecond = 100 * sharePerSecond;
/** Not so slow that the destination would be suspect; 400 a second of these need more than the three quarters of 1,024 slots. */
const slowMs = 2_500;
const drainLimitMs = 300_000;
/** Enough for its attempts in flight to be bounded by its workspace's share, not by those of each connection. */
const loudConnections = 8;
const type = 'fault.noisy';
const loudTypeOf = (n: number): string => `${type}-${n % loudConnections}`;
const loudDraft = (n: number) => numbered(loudTypeOf(n))(n);
const noisyPath = '/noisy';

async function quietCustomers(rig: Rig): Promise<Customer[]> {
  const customers: Customer[] = [];
  for (let n = 0; n < quietCount; n++) {
    customers.push(await oneRule(rig, type, { url: rig.destination.url(`/quiet/${n}`) }));
  }
  return customers;
}

const spreadBetween = (arrivals: readonly Arrival[], fromMs: number, toMs: number): Spread =>
  spreadOf(arrivals.filter(({ sentAtMs }) => sentAtMs >= fromMs && sentAtMs < toMs).map(({ tookMs }) => tookMs));

async function loudCustomer(rig: Rig): Promise<Customer> {
  const customer = await rig.customer();
  for (let n = 0; n < loudConnections; n++) {
    await customer.rule({ type: loudTypeOf(n), url: rig.destination.url(noisyPath), policy: patient });
  }
  await customer.configured();
  return customer;
}

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const quiet = await quietCustomers(rig);
  const noisy = await loudCustomer(rig);
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
  const loudly = (perSecond: number, first: number) =>
    send({
      customer: noisy,
      ledger: loud,
      events: perSecond * seconds,
      first,
      draft: loudDraft,
      perSecond,
      senders: 32,
    });
  await Promise.all([loudly(loudPerSecond, 0), quietPhase(events)]);
  const slowFromMs = Date.now();
  await rig.destination.behave(noisyPath, { kind: 'slow', afterMs: slowMs });
  await Promise.all([loudly(2 * loudPerSecond, loudPerSecond * seconds), quietPhase(2 * events)]);
  await rig.destination.behave(noisyPath, { kind: 'ok' });
  await untilTaken(rig, ledger.entries.length + loud.entries.length, drainLimitMs);
  const found = await rig.audited(ledger, ...quiet);
  const foundLoud = await rig.audited(loud, noisy);

  const arrivals = arrivalsOf(
    ledger.entries,
    quiet.flatMap(({ rules }) => rules),
    found.evidence.requests,
  );
  const spreads = {
    alone: spreadBetween(arrivals, 0, loudFromMs),
    'beside the loud one': spreadBetween(arrivals, loudFromMs, slowFromMs),
    'beside it, its slots not sufficing': spreadBetween(arrivals, slowFromMs, Infinity),
  };
  const allowedMs = 2 * spreads.alone.p99;
  const besides = Object.entries(spreads).filter(([when]) => when !== 'alone');
  return {
    criteria: [
      ...besides.map(([when, { p99 }]) =>
        atMost(allowedMs, { what: `the others' p99 ${when}`, figure: p99, unit: ' ms' }),
      ),
      ...conserved(found),
      ...conserved(foundLoud),
    ],
    notes: [
      ...Object.entries(spreads).map(
        ([when, { count, p50, p99, max }]) => `${when}: ${count}, ${p50} / ${p99} / ${max} ms (p50 / p99 / max)`,
      ),
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
