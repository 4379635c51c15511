// workspaces: as many deliveries of a thousand workspaces as of ten take as long.
import type { Customer } from '../customer.ts';
import { send } from '../load.ts';
import { wasTaken } from '../received.ts';
import type { Rig } from '../rig.ts';
import { atMost, exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { sideBySide } from '../side-by-side.ts';
import { holdsWithin } from '../wait.ts';
import { numbered, patient } from './usual.ts';

const few = 10;
const many = 1_000;
const connections = 4;
/** Calls under way at once, and events of one call, in every phase. */
const senders = 32;
const bulk = 10;
/** Workspaces that are made at once. */
const makers = 16;
const slowestPerSecond = 200;
const type = 'fault.tenant';

interface Phase {
  readonly name: string;
  readonly deliveries: number;
  readonly tookMs: number;
  readonly lost: number;
  readonly duplicates: number;
}

async function customersOf(rig: Rig, { name, count }: { name: string; count: number }): Promise<Customer[]> {
  rig.tell(`make ${count} workspaces with ${connections} connections each`);
  const customers: Customer[] = [];
  await sideBySide(count, makers, async () => {
    const customer = await rig.customer();
    customers.push(customer);
    for (let n = 0; n < connections; n++) {
      await customer.rule({ type, url: rig.destination.url(`/${name}/${customers.length % few}`), policy: patient });
    }
  });
  await customers[0]?.configured();
  return customers;
}

/** All workspaces send at once, a call each in turn. */
async function phaseOf(
  rig: Rig,
  { name, count, events }: { name: string; count: number; events: number },
): Promise<Phase> {
  const customers = await customersOf(rig, { name, count });
  const ledger = rig.ledger();
  const calls = Math.ceil(events / bulk);
  const deliveries = calls * bulk * connections;
  const before = await rig.destination.count();
  rig.tell(`send ${calls * bulk} events of ${count} workspaces`);
  const fromMs = Date.now();
  await sideBySide(calls, senders, async (call) => {
    const customer = customers[call % count] as Customer;
    await send({ customer, ledger, events: bulk, first: call * bulk, draft: numbered(type), bulk, senders: 1 });
  });
  const limitMs = (deliveries / slowestPerSecond) * 1_000;
  await holdsWithin(limitMs, async () => (await rig.destination.count()) >= before + deliveries);
  const requests = await rig.destination.requests((path) => path.startsWith(`/${name}/`));
  const taken = requests.filter(wasTaken);
  const ids = new Set(taken.map(({ id }) => id));
  const lastMs = taken.reduce((last, { atMs }) => Math.max(last, atMs), fromMs);
  return {
    name: `${count.toLocaleString('en')} workspaces`,
    deliveries,
    tookMs: lastMs - fromMs,
    lost: deliveries - ids.size,
    duplicates: taken.length - ids.size,
  };
}

async function run(rig: Rig, { events }: Run): Promise<Verdict> {
  await phaseOf(rig, { name: 'warm', count: few, events: Math.min(events, 5_000) });
  const phases = [
    await phaseOf(rig, { name: 'few', count: few, events }),
    await phaseOf(rig, { name: 'many', count: many, events }),
    await phaseOf(rig, { name: 'again', count: few, events }),
  ];
  const [first, middle, last] = phases.map(({ tookMs }) => tookMs) as [number, number, number];
  return {
    criteria: [
      atMost(1.2, {
        what: 'time of 1,000 workspaces, of that of 10',
        figure: (2 * middle) / (first + last),
        unit: ' x',
      }),
      exactly(0, { what: 'lost', figure: phases.reduce((sum, { lost }) => sum + lost, 0) }),
      exactly(0, { what: 'duplicates', figure: phases.reduce((sum, { duplicates }) => sum + duplicates, 0) }),
    ],
    notes: phases.map(
      ({ name, deliveries, tookMs }) =>
        `${name}: ${deliveries} deliveries in ${(tookMs / 1_000).toFixed(1)} s, ${Math.round((deliveries * 1_000) / tookMs)} a second`,
    ),
  };
}

export const workspaces: Scenario = {
  name: 'workspaces',
  proves: '200,000 deliveries of 1,000 workspaces take at most 1.2 times as long as those of 10',
  size: { events: 50_000, kills: 0, seconds: 0 },
  short: { events: 5_000, kills: 0, seconds: 0 },
  run,
};
