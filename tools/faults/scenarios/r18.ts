// r18: a topic of dead letters is replayed, and the replay is killed twice: the command midway, then retry. None is missing (R18).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../../local/places.ts';
import { nodeOptions } from '../../local/plan.ts';
import { inflict } from '../inflict.ts';
import { send } from '../load.ts';
import { stackOf, type Plant } from '../plant.ts';
import { conserved, fewDuplicates, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { holdsWithin } from '../wait.ts';
import { inHandOf, numbered, oneRule, patient } from './usual.ts';

const type = 'fault.replayed';
const path = '/fault/replayed';

async function run(rig: Rig, { events }: Run): Promise<Verdict> {
  // Refused by a destination that is well: its breaker stays closed, and one attempt is all there is.
  await rig.destination.behave(path, { kind: 'status', status: 404 });
  const policy = { ...patient, max_attempts: 1 };
  const customer = await oneRule(rig, type, { url: rig.destination.url(path), policy });
  const ledger = rig.ledger();
  await send({ customer, ledger, events, draft: numbered(type), senders: 8 });
  const dead = await rig.audited(ledger, customer);
  await rig.destination.behave(path, { kind: 'ok' });
  const refused = await rig.destination.count();
  const replayed = async (share: number): Promise<boolean> =>
    (await rig.destination.count()) - refused >= events * share;

  const startedAtMs = Date.now();
  const first = replay(rig.plant, customer.workspace);
  await holdsWithin(30_000, () => replayed(0.1));
  first.kill('SIGKILL');
  await first.ended;
  rig.tell('killed the replay command, and ask again');
  const second = replay(rig.plant, customer.workspace);
  await holdsWithin(30_000, () => replayed(0.5));
  rig.tell('kill retry');
  await inflict(rig.plant, 'retry', { kind: 'kill' });
  const code = await second.ended;
  const third = await replay(rig.plant, customer.workspace).ended;
  const found = await rig.audited(ledger, customer);
  const perSecond = (events * 1_000) / (Date.now() - startedAtMs);
  return {
    criteria: [
      exactly(events, { what: 'dead letters before', figure: dead.states['dead-lettered'] }),
      exactly(events, { what: 'delivered after', figure: found.states.delivered }),
      exactly(0, { what: 'commands that failed', figure: [code, third].filter((each) => each !== 0).length }),
      ...conserved(found),
      ...fewDuplicates(found, { kills: 2, inHand: inHandOf(1), perSecond }),
    ],
    notes: seen(found),
  };
}

function replay(plant: Plant, workspace: string) {
  const { kafka: KAFKA_BROKERS, registry: REGISTRY_URL, postgres: POSTGRES_URL } = plant;
  const program = join(repository, 'dist/apps/setup/main.mjs');
  const VAULT_KEY_FILE = stackOf(plant).places.vaultKeys;
  const child = spawn(process.execPath, [...nodeOptions, program, 'replay', 'webhook', '--workspace', workspace], {
    stdio: 'ignore',
    env: { ...process.env, KAFKA_BROKERS, REGISTRY_URL, POSTGRES_URL, VAULT_KEY_FILE },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}

export const r18: Scenario = {
  name: 'r18',
  proves: 'R18: a replay that is killed twice delivers every dead letter',
  size: { events: 3_000, kills: 2, seconds: 0 },
  short: { events: 500, kills: 2, seconds: 0 },
  run,
};
