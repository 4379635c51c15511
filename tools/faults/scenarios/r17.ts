// r17: Postgres is stopped under load. Events are accepted and delivered all the same, and history catches up (R17).
import { setTimeout as sleep } from 'node:timers/promises';
import { inflict } from '../inflict.ts';
import { send } from '../load.ts';
import { wasTaken } from '../received.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atLeast, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { numbered, oneRule } from './usual.ts';

const type = 'fault.no-postgres';
const perSecond = 50;

async function run(rig: Rig, { seconds }: Run): Promise<Verdict> {
  const customer = await oneRule(rig, type);
  const ledger = rig.ledger();
  let isOver = false;
  const sending = send({
    ...{ customer, ledger, events: Infinity, draft: numbered(type), senders: 8, perSecond },
    insists: false,
    isOver: () => isOver,
  });
  await sleep(5_000);
  rig.tell(`halt postgres for ${seconds} s`);
  const outage = await inflict(rig.plant, 'postgres', { kind: 'halt', forMs: seconds * 1_000 });
  await sleep(5_000);
  isOver = true;
  const { calls } = await sending;
  const found = await rig.audited(ledger, customer);

  const isDuring = ({ atMs }: { atMs: number }): boolean => atMs > outage.atMs && atMs < outage.overAtMs;
  const during = calls.filter(isDuring);
  const accepted = during.filter(({ status }) => status === 201).length;
  const arrived = found.evidence.requests.filter((request) => isDuring(request) && wasTaken(request)).length;
  return {
    criteria: [
      atLeast(99.9, { what: 'accepted while away', figure: (100 * accepted) / during.length, unit: ' %' }),
      atLeast(99, { what: 'delivered while away, of these', figure: (100 * arrived) / accepted, unit: ' %' }),
      ...conserved(found),
    ],
    notes: [...seen(found), `${during.length} calls in ${seconds} s without Postgres`],
  };
}

export const r17: Scenario = {
  name: 'r17',
  proves: 'R17: with Postgres stopped, 99.9 % are accepted, deliveries go on, and history is complete afterwards',
  size: { events: 0, kills: 0, seconds: 120 },
  short: { events: 0, kills: 0, seconds: 15 },
  run,
};
