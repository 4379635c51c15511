// parked: a destination is away until many deliveries are parked. What that costs the connector in memory, and how long all of them take once it is well again.
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../load.ts';
import { pidOf } from '../plant.ts';
import { wasTaken } from '../received.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atLeast, atMost, exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { holdsWithin } from '../wait.ts';
import { numbered, oneRule, patient, untilTaken } from './usual.ts';

const type = 'fault.parked';
const path = '/fault/parked';
const connector = 'connector-webhook';
const limitMiB = 150;
const parkLimitMs = 600_000;
/** The breaker may have just opened for 16 minutes. */
const drainLimitMs = 1_200_000;

async function run(rig: Rig, { events, seconds }: Run): Promise<Verdict> {
  await rig.destination.behave(path, { kind: 'status', status: 503 });
  const customer = await oneRule(rig, type, { url: rig.destination.url(path), policy: patient });
  const [rule] = customer.rules;
  if (rule === undefined) throw new Error('there is no rule');
  const ledger = rig.ledger();
  const freshMiB = memoryMiB(rig);
  const sent = await send({ customer, ledger, events, draft: numbered(type), bulk: 50, senders: 4 });
  rig.tell(`sent ${events} in ${Math.round(sent.tookMs / 1_000)} s`);
  let parked = 0;
  await holdsWithin(parkLimitMs, async () => (parked = await customer.parked(rule)) >= events);
  const fullMiB = memoryMiB(rig);
  rig.tell(`${parked} parked`);
  await sleep(seconds * 1_000);
  const restedMiB = memoryMiB(rig);
  rig.tell(`the connector has ${restedMiB} MiB`);

  await rig.destination.behave(path, { kind: 'ok' });
  const wellAtMs = Date.now();
  await untilTaken(rig, events, drainLimitMs);
  const drainedMiB = memoryMiB(rig);
  const found = await rig.audited(ledger, customer);
  const taken = found.evidence.requests.filter(wasTaken).map(({ atMs }) => (atMs - wellAtMs) / 1_000);
  const [first = 0, last = 0] = [taken[0], taken.at(-1)];
  return {
    criteria: [
      atLeast(events, { what: 'parked', figure: parked }),
      atMost(limitMiB, { what: 'memory of the connector', figure: restedMiB, unit: ' MiB' }),
      exactly(events, { what: 'delivered after', figure: found.states.delivered }),
      ...conserved(found),
    ],
    notes: [
      ...seen(found),
      `memory ${freshMiB} MiB before, ${fullMiB} when all were parked, ${restedMiB} after ${seconds} s of rest, ${drainedMiB} when all were taken`,
      `well again: the first taken after ${first.toFixed(1)} s, the last ${(last - first).toFixed(1)} s later (${Math.round(taken.length / Math.max(1, last - first))} a second)`,
    ],
  };
}

/** What of the connector's process is in memory. */
function memoryMiB({ plant }: Rig): number {
  const kiB = execFileSync('ps', ['-o', 'rss=', '-p', String(pidOf(plant, connector))], { encoding: 'utf8' });
  return Math.round(Number(kiB) / 102.4) / 10;
}

export const parked: Scenario = {
  name: 'parked',
  proves: 'a connector keeps to 150 MiB with 50,000 deliveries parked, and all of them arrive (seconds: of rest)',
  size: { events: 50_000, kills: 0, seconds: 60 },
  short: { events: 5_000, kills: 0, seconds: 15 },
  run,
};
