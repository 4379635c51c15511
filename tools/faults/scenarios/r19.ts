// r19: every service is stopped in order and started again under load, one after the other, as a rolling deploy does (R19).
import { setTimeout as sleep } from 'node:timers/promises';
import { inflict } from '../inflict.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { numbered, oneRule } from './usual.ts';

const services = ['ingest', 'router', 'connector-webhook', 'retry', 'tracker', 'control'];
const type = 'fault.rolling';

async function run(rig: Rig, { kills: stops, seconds }: Run): Promise<Verdict> {
  const customer = await oneRule(rig, type);
  await rig.destination.behave('/fault/flapping', { kind: 'flapping', upMs: 3_000, downMs: 300 });
  const policy = { max_attempts: 30, backoff_ms: 500 };
  await customer.rule({ type, url: rig.destination.url('/fault/flapping'), policy });
  await customer.configured();
  const ledger = rig.ledger();
  let isOver = false;
  const sending = send({
    ...{ customer, ledger, events: Infinity, draft: numbered(type), senders: 8, perSecond: 60 },
    isOver: () => isOver,
  });
  await sleep(2_000);
  for (let n = 0; n < stops; n++) {
    const victim = services[n % services.length] ?? '';
    rig.tell(`stop ${victim}`);
    await inflict(rig.plant, victim, { kind: 'terminate' });
    await sleep(seconds * 1_000);
  }
  isOver = true;
  const { statuses } = await sending;
  const found = await rig.audited(ledger, customer);
  return {
    criteria: [...conserved(found), atMost(10, { what: 'duplicates', figure: found.duplicates })],
    notes: [...seen(found), `${stops} stops; calls by status ${JSON.stringify(Object.fromEntries(statuses))}`],
  };
}

export const r19: Scenario = {
  name: 'r19',
  proves: 'R19: SIGTERM to every service in turn under load, 0 lost and at most 10 duplicates',
  size: { events: 0, kills: 10, seconds: 6 },
  short: { events: 0, kills: 6, seconds: 4 },
  run,
};
