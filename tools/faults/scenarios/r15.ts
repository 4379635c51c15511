// r15: the same Idempotency-Key, many times at once. One event, one answer, one delivery for each rule (R15).
import { promisedIds } from '../customer.ts';
import { hashOf } from '../ledger.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { numbered, oneRule } from './usual.ts';

const type = 'fault.storm';

async function run(rig: Rig, { events: calls }: Run): Promise<Verdict> {
  const customer = await oneRule(rig, type);
  await customer.rule({ type, url: rig.destination.url('/storm/second') });
  await customer.configured();
  const ledger = rig.ledger();
  const draft = numbered(type)(1);
  const sentAtMs = Date.now();
  const answers = await Promise.all(Array.from({ length: calls }, () => customer.append([draft])));
  const ids = new Set(answers.flatMap(promisedIds));
  for (const event of ids) {
    const { workspace } = customer;
    const payloadHash = hashOf(draft.payload);
    ledger.add({ event, workspace, type, n: 1, payloadHash, resourceId: null, sentAtMs, acceptedAtMs: Date.now() });
  }
  const found = await rig.audited(ledger, customer);
  return {
    criteria: [
      exactly(1, { what: 'events', figure: ids.size }),
      exactly(calls, { what: 'answers 201', figure: answers.filter(({ status }) => status === 201).length }),
      exactly(1, { what: 'different answers', figure: new Set(answers.map(({ body }) => JSON.stringify(body))).size }),
      exactly(customer.rules.length, { what: 'requests', figure: found.evidence.requests.length }),
      ...conserved(found),
    ],
    notes: [...seen(found), `slowest answer ${Math.round(Math.max(...answers.map(({ tookMs }) => tookMs)))} ms`],
  };
}

export const r15: Scenario = {
  name: 'r15',
  proves: 'R15: the same Idempotency-Key 1,000 times at once is one event and one delivery for each rule',
  size: { events: 1_000, kills: 0, seconds: 0 },
  short: { events: 1_000, kills: 0, seconds: 0 },
  run,
};
