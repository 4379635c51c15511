// r5: one in twenty connections stops answering. The others' deliveries go on as before (R5).
import type { Customer } from '../customer.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { arrivalsOf, spreadOf } from '../timing.ts';
import { numbered, patient } from './usual.ts';

const connections = 40;
const deadShare = 0.05;
const perSecond = 120;
const typeOf = (n: number): string => `fault.connection-${n % connections}`;
const pathOf = (n: number): string => `/c/${n % connections}`;
const dead = Array.from({ length: connections * deadShare }, (_, index) => pathOf(index * 20));

async function customerOf(rig: Rig): Promise<Customer> {
  const customer = await rig.customer();
  for (let n = 0; n < connections; n++) {
    const policy = { ...patient, timeout_ms: 30_000 };
    await customer.rule({ type: typeOf(n), url: rig.destination.url(pathOf(n)), policy });
  }
  await customer.configured();
  return customer;
}

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const customer = await customerOf(rig);
  const ledger = rig.ledger();
  const draft = (n: number) => numbered(typeOf(n))(n);
  const phase = (events: number, first: number) =>
    send({ customer, ledger, events, first, draft, perSecond, senders: 16 });
  const quietEvents = perSecond * Math.min(20, seconds);
  await phase(quietEvents, 0);
  const deadFromMs = Date.now();
  for (const path of dead) await rig.destination.behave(path, { kind: 'black hole' });
  await phase(perSecond * seconds, quietEvents);
  const deadToMs = Date.now();
  for (const path of dead) await rig.destination.behave(path, { kind: 'ok' });
  const found = await rig.audited(ledger, customer);

  const healthy = arrivalsOf(ledger.entries, customer.rules, found.evidence.requests).filter(
    ({ path }) => !dead.includes(path),
  );
  const between = (from: number, to: number) =>
    spreadOf(healthy.filter(({ sentAtMs }) => sentAtMs >= from && sentAtMs < to).map(({ tookMs }) => tookMs));
  const halfMs = (deadFromMs + deadToMs) / 2;
  const [before, onset, later] = [between(0, deadFromMs), between(deadFromMs, halfMs), between(halfMs, deadToMs)];
  return {
    criteria: [
      atMost(5_000, { what: 'healthy p99 added, first half', figure: onset.p99 - before.p99, unit: ' ms' }),
      atMost(1_000, { what: 'healthy p99 added, second half', figure: later.p99 - before.p99, unit: ' ms' }),
      ...conserved(found),
    ],
    notes: [
      ...seen(found),
      ...[before, onset, later].map(
        ({ count, p50, p99, max }, index) =>
          `${['before', 'first half', 'second half'][index]}: ${count} healthy, ${p50} / ${p99} / ${max} ms (p50 / p99 / max)`,
      ),
      `${dead.length} of ${connections} connections dead for ${seconds} s at ${perSecond} events a second`,
    ],
  };
}

export const r5: Scenario = {
  name: 'r5',
  proves: 'R5: 5 % of the connections dead, the p99 of the healthy ones grows by at most 1 s (5 s at the onset)',
  size: { events: 0, kills: 0, seconds: 60 },
  short: { events: 0, kills: 0, seconds: 15 },
  run,
};
