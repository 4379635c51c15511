// r14: the network between the services and Kafka, Postgres, the registry and the destination is bad, in one way after the other (R14).
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../load.ts';
import { TcpProxy, type Toxic } from '../proxy.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Criterion, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { holdsWithin } from '../wait.ts';
import { numbered, oneRule } from './usual.ts';

const type = 'fault.network';
const toxics: readonly Toxic[] = [
  { kind: 'latency', delayMs: 150 },
  { kind: 'bandwidth', bytesPerSecond: 100_000 },
  { kind: 'slicer', bytes: 64, delayMs: 1 },
  { kind: 'reset' },
  { kind: 'down' },
];
const recoveryLimitMs = 30_000;

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const receiver = await TcpProxy.start(rig.destination.port);
  const proxies: Record<string, TcpProxy> = { ...rig.plant.proxies, receiver };
  const url = rig.destination.url('/network', receiver.port);
  const customer = await oneRule(rig, type, { url });
  const ledger = rig.ledger();
  let isOver = false;
  const load = { customer, ledger, events: Infinity, draft: numbered(type), senders: 8, perSecond: 30 };
  const sending = send({ ...load, isOver: () => isOver });
  const recoveries: { name: string; tookMs: number }[] = [];
  try {
    for (const [target, proxy] of Object.entries(proxies)) {
      for (const toxic of toxics) {
        const name = `${toxic.kind} before ${target}`;
        rig.tell(name);
        await proxy.set(toxic);
        await sleep(seconds * 1_000);
        await proxy.set(undefined);
        recoveries.push({ name, tookMs: await untilDelivering(rig) });
      }
    }
  } finally {
    isOver = true;
    await sending;
  }
  const found = await rig.audited(ledger, customer);
  receiver.stop();
  return { criteria: [slowestOf(recoveries), ...conserved(found)], notes: [...seen(found), ...recoveries.map(told)] };
}

/** How long until something arrives that was sent after the network was well again. */
async function untilDelivering(rig: Rig): Promise<number> {
  const wellAtMs = Date.now();
  const before = await rig.destination.count();
  await holdsWithin(2 * recoveryLimitMs, async () => (await rig.destination.count()) > before + 10);
  return Date.now() - wellAtMs;
}

const slowestOf = (recoveries: readonly { tookMs: number }[]): Criterion =>
  atMost(recoveryLimitMs, {
    what: 'slowest recovery',
    figure: Math.max(...recoveries.map(({ tookMs }) => tookMs)),
    unit: ' ms',
  });

const told = ({ name, tookMs }: { name: string; tookMs: number }): string =>
  `${name}: delivers again after ${tookMs} ms`;

export const r14: Scenario = {
  name: 'r14',
  proves:
    'R14: latency, a narrow band, slices, resets and no network before Kafka, Postgres, the registry and the receiver',
  size: { events: 0, kills: 0, seconds: 10 },
  short: { events: 0, kills: 0, seconds: 3 },
  isProxied: true,
  run,
};
