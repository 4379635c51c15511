// r11: records nobody can handle among good ones, at the Kafka door. No process ends, each is set aside, and the good ones arrive (R11).
import { send } from '../load.ts';
import { OutsideLog, type Bytes, type Poison } from '../log.ts';
import { pidOf } from '../plant.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { holdsWithin } from '../wait.ts';
import { numbered, oneRule } from './usual.ts';

const services = ['ingest', 'router', 'tracker', 'connector-webhook', 'retry'];
const kinds = 4;
const longKeys = 5;
const type = 'fault.poison';

/** One of each kind: undecodable bytes, an unknown schema, a payload that is not JSON, one that is 10,000 deep. */
async function badRecords(log: OutsideLog, workspace: string): Promise<Bytes[]> {
  const event = (payload: string) =>
    log.encoded({
      ...{ id: crypto.randomUUID(), workspace, event: type, payload, created_at: Date.now() },
      ...{ resource: null, resource_id: null, created_by: null, schema_problem: null },
    });
  return [
    { key: null, value: Buffer.from('no Avro at all') },
    { key: null, value: Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1, 2, 3]) },
    { key: null, value: await event('{"n":') },
    { key: null, value: await event(`{"n":${'['.repeat(10_000)}${']'.repeat(10_000)}}`) },
  ];
}

/** Nearly as much as Kafka takes: set aside with where it stood and why, it is more. */
const longKey = { key: Buffer.alloc(900_000, 'k'), value: Buffer.from('a long key'), partition: 0 };

async function run(rig: Rig, { events, kills: bad }: Run): Promise<Verdict> {
  const { plant } = rig;
  const log = new OutsideLog(plant);
  const customer = await oneRule(rig, type);
  const ledger = rig.ledger();
  const pids = services.map((name) => pidOf(plant, name));
  const refused = async (): Promise<Poison[]> => (await log.poison()).filter(({ group }) => group === 'sluice-router');
  const ended = (): string[] => services.filter((name, index) => pidOf(plant, name) !== pids[index]);
  const load = { customer, ledger, events: events / 2, draft: numbered(type), senders: 4 };
  // Each of a kind as often as every other.
  const rounds = Math.ceil((bad - longKeys) / kinds);
  const small = rounds * kinds;

  const poisoning = (async () => {
    for (let n = 0; n < rounds; n++) await log.append('events', await badRecords(log, customer.workspace));
  })();
  await send(load);
  await poisoning;
  await holdsWithin(30_000, async () => (await refused()).length >= small);
  const [endedBySmall, smallRefused] = [ended(), await refused()];

  rig.tell('records with a key of 900,000 bytes');
  for (let n = 0; n < longKeys; n++) await log.append('events', [longKey]);
  await send({ ...load, first: events / 2 });
  const found = await rig.audited(ledger, customer);
  const longRefused = (await refused()).length - smallRefused.length;
  const reasons = [...Map.groupBy(smallRefused, ({ reason }) => reason)].map(
    ([reason, all]) => `${reason} ${all.length}`,
  );
  return {
    criteria: [
      exactly(0, { what: 'processes ended by small bad records', figure: endedBySmall.length }),
      exactly(small, { what: 'small bad records set aside by the router', figure: smallRefused.length }),
      exactly(0, { what: 'processes ended by long keys', figure: ended().length - endedBySmall.length }),
      exactly(longKeys, { what: 'long keys set aside by the router', figure: longRefused }),
      ...conserved(found),
    ],
    notes: [...seen(found), `reasons: ${reasons.join(', ')}`, `ended: ${ended().join(', ') || 'none'}`],
  };
}

export const r11: Scenario = {
  name: 'r11',
  proves:
    'R11: records that cannot be handled among good ones end no process and hold up no good one (kills: how many)',
  size: { events: 5_000, kills: 205, seconds: 0 },
  short: { events: 500, kills: 25, seconds: 0 },
  run,
};
