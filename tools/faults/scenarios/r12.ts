// r12: one part after the other is killed under a steady load. How long nothing moves is measured (R12).
import { setTimeout as sleep } from 'node:timers/promises';
import { inflict } from '../inflict.ts';
import { send } from '../load.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { atMost, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { longestGapMs } from '../timing.ts';
import { wasTaken } from '../received.ts';
import { numbered, patient, takeoverLimitMs } from './usual.ts';

const victims = ['ingest', 'router', 'connector-webhook', 'retry', 'kafka'] as const;
const type = 'fault.takeover';
const plain = '/takeover/plain';
const retried = '/takeover/retried';

async function run(rig: Rig, { seconds, kills }: Run): Promise<Verdict> {
  const customer = await rig.customer();
  await customer.rule({ type, url: rig.destination.url(plain), policy: patient });
  await rig.destination.behave(retried, { kind: 'status', status: 404, times: 1 });
  await customer.rule({ type, url: rig.destination.url(retried), policy: patient });
  await customer.configured();
  const ledger = rig.ledger();
  let isOver = false;
  const load = { customer, ledger, events: Infinity, draft: numbered(type), senders: 16, perSecond: 20 };
  const sending = send({ ...load, isOver: () => isOver });
  await sleep(5_000);
  const killed = [];
  for (const victim of victims.slice(0, kills)) {
    rig.tell(`kill ${victim}`);
    killed.push(await inflict(rig.plant, victim, { kind: 'kill' }));
    await sleep(seconds * 1_000);
  }
  isOver = true;
  await sending;
  const found = await rig.audited(ledger, customer);

  const accepted = ledger.entries.map(({ acceptedAtMs }) => acceptedAtMs);
  const arrived = (path: string): number[] =>
    found.evidence.requests.filter((each) => each.path === path && wasTaken(each)).map(({ atMs }) => atMs);
  const gaps = killed.map(({ victim, atMs }) => {
    const until = atMs + seconds * 1_000;
    const moments = victim === 'ingest' ? accepted : arrived(victim === 'retry' ? retried : plain);
    return atMost(takeoverLimitMs, {
      what: `nothing ${victim === 'ingest' ? 'accepted' : 'delivered'} after kill -9 of ${victim}`,
      figure: longestGapMs(moments, atMs, until),
      unit: ' ms',
    });
  });
  const broker = killed.find(({ victim }) => victim === 'kafka');
  const ingestGap = broker && longestGapMs(accepted, broker.atMs, broker.atMs + seconds * 1_000);
  return {
    criteria: [
      ...gaps,
      ...(ingestGap === undefined
        ? []
        : [
            atMost(takeoverLimitMs, {
              what: 'nothing accepted after kill -9 of kafka',
              figure: ingestGap,
              unit: ' ms',
            }),
          ]),
      ...conserved(found),
    ],
    notes: seen(found),
  };
}

export const r12: Scenario = {
  name: 'r12',
  proves: 'R12: after kill -9 of a part its work goes on within the session timeout (10 s) and 5 s',
  size: { events: 0, kills: 5, seconds: 22 },
  short: { events: 0, kills: 3, seconds: 18 },
  run,
};
