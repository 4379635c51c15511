// r13: a process is stopped for longer than its session and goes on, while a second one has its partitions: a zombie (R13).
import { setTimeout as sleep } from 'node:timers/promises';
import { inflict } from '../inflict.ts';
import { send } from '../load.ts';
import { OutsideLog } from '../log.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { Twin } from '../twin.ts';
import { numbered, oneRule } from './usual.ts';

const victims = ['router', 'connector-webhook'];
const type = 'fault.zombie';
const perSecond = 60;
/** What a consumer has in hand of one partition at most. */
const windowRecords = 1_000;

async function run(rig: Rig, { seconds, kills }: Run): Promise<Verdict> {
  const customer = await oneRule(rig, type);
  const ledger = rig.ledger();
  const log = new OutsideLog(rig.plant);
  let isOver = false;
  const sending = send({
    ...{ customer, ledger, events: Infinity, draft: numbered(type), senders: 8, perSecond },
    isOver: () => isOver,
  });
  const watching = rewindsOf(log, victims, () => isOver);
  const twins: Twin[] = [];
  try {
    for (const victim of victims) twins.push(await Twin.start(rig.plant, victim));
    for (let n = 0; n < kills; n++) {
      const victim = victims[n % victims.length] ?? '';
      rig.tell(`pause ${victim} for ${seconds} s`);
      await inflict(rig.plant, victim, { kind: 'pause', forMs: seconds * 1_000 });
      await sleep(12_000);
    }
  } finally {
    isOver = true;
    await sending;
    await Promise.all(twins.map((twin) => twin.stop()));
  }
  const found = await rig.audited(ledger, customer);
  const { rewinds, looks } = await watching;
  return {
    criteria: [
      exactly(0, { what: 'committed offsets that went back', figure: rewinds }),
      ...conserved(found),
      atMost(kills * windowRecords, { what: 'duplicates, a window for each pause', figure: found.duplicates }),
    ],
    notes: [...seen(found), `offsets looked at ${looks} times; ${kills} pauses of ${seconds} s`],
  };
}

/** Looks at what the victims' groups have committed until it is over. */
async function rewindsOf(
  log: OutsideLog,
  services: readonly string[],
  isOver: () => boolean,
): Promise<{ rewinds: number; looks: number }> {
  const highest = new Map<string, number>();
  let rewinds = 0;
  let looks = 0;
  while (!isOver()) {
    for (const service of services) {
      for (const [partition, offset] of await log.committed(`sluice-${service}`)) {
        const key = `${service} ${partition}`;
        if (offset < (highest.get(key) ?? -1)) rewinds++;
        highest.set(key, offset);
      }
    }
    looks++;
    await sleep(300);
  }
  return { rewinds, looks };
}

export const r13: Scenario = {
  name: 'r13',
  proves:
    'R13: a process that stood still for longer than its session loses nothing and moves no offset back (kills: pauses)',
  size: { events: 0, kills: 2, seconds: 30 },
  short: { events: 0, kills: 1, seconds: 15 },
  run,
};
