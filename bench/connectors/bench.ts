// What a delivery of each connector costs beside one of the webhook connector, in CPU time of one run, over HTTP to a scripted vendor
// on this machine; and what batches are worth where that vendor takes its time. `node bench/connectors/bench.ts`.
import { attemptTogether } from '../../libs/connector-host/src/attempt-batch.ts';
import { attempt } from '../../libs/connector-host/src/attempt.ts';
import { GroupCommit } from '../../libs/connector-host/src/group-commit.ts';
import type { Send } from '../../libs/connector-host/src/settle.ts';
import type { Delivery, Outcome } from '../../libs/contracts/src/index.ts';
import { subjects } from '../../tools/conformance/connectors.ts';
import { cpuOfMany, many, microsecondsSince, Rounds } from '../rounds.ts';
import { batchAnswers } from './batch-answers.ts';
import { casesOf, isOneGroup, peopleOf, type Case } from './cases.ts';
import { startVendor, type Vendor } from './vendor.ts';

/** Requests at a time. */
const atATime = 8;
const latencyMs = 20;
const deliveriesOfOneConnection = 1_000;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

function mustBeDelivered({ result, error }: Outcome, { slug, action }: Case): void {
  if (result !== 'delivered') throw new Error(`${slug}, ${action}: ${result}, ${error?.message}`);
}

const wordsOf = (cases: readonly Case[]) =>
  Object.fromEntries(cases.map(({ slug, success }) => [slug, success.response]));

const own = ({ slug }: Case): string => `${slug}, answered at once`;
const overHttp = ({ slug }: Case): string => `${slug}, over HTTP`;

function cpuOfAttempts(of: Case, send: Send, runs: number): () => Promise<number> {
  const parts = of.parts(send);
  return () => cpuOfMany(async () => mustBeDelivered(await attempt(of.delivery, parts), of), { runs, atATime });
}

async function measureSingle(cases: readonly Case[]): Promise<Rounds> {
  const vendor = await startVendor({ latencyMs: 0, words: wordsOf(cases) }, atATime);
  const rounds = new Rounds();
  const lines = cases.flatMap((of) => [
    [own(of), cpuOfAttempts(of, () => Promise.resolve(of.success), 300)],
    [overHttp(of), cpuOfAttempts(of, vendor.sendAs(of.slug), 120)],
  ]);
  // Short and often: the compiler warms up and the machine has its moods, and both would count for those whose turn it is.
  for (let round = 0; round < 20; round++) {
    await rounds.run(Object.fromEntries(lines) as Record<string, () => Promise<number>>);
  }
  await vendor.stop();
  return rounds;
}

function printSingle(cases: readonly Case[], rounds: Rounds): void {
  const webhook = cases.find(({ slug }) => slug === 'webhook');
  if (!webhook) throw new Error('there is no webhook connector to compare with');
  /** Without what the connector itself does. */
  const carriage = (of: Case): number => rounds.best(overHttp(of)) - rounds.best(own(of));
  print('\nOne delivery, us of CPU at best: answered at once (preparing, building and reading alone); over HTTP');
  for (const of of cases) {
    const whole = (rounds.best(overHttp(of)) / rounds.best(overHttp(webhook))).toFixed(2);
    const ratio = carriage(of) / carriage(webhook);
    const goal = `${ratio.toFixed(2)} x but for its own (goal: <= 1.1; ${ratio <= 1.1 ? 'met' : 'MISSED'})`;
    const figures = [own(of), overHttp(of)].map((name) => rounds.best(name).toFixed(1).padStart(8)).join('');
    print(`${of.slug.padEnd(12)}${of.action.padEnd(18)}${figures}   ${whole} x webhook   ${goal}`);
  }
}

interface Spent {
  ms: number;
  /** Of our own CPU, for one delivery. */
  microseconds: number;
  requests: number;
}

/** What it takes until all are delivered. */
async function timed(of: Case, vendor: Vendor, deliverAll: (send: Send) => Promise<unknown>): Promise<Spent> {
  const sendAs = vendor.sendAs(of.slug);
  let requests = 0;
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  await deliverAll((request) => {
    requests++;
    return sendAs(request);
  });
  const microseconds = microsecondsSince(before) / deliveriesOfOneConnection;
  return { ms: performance.now() - startedAt, microseconds, requests };
}

async function singly(of: Case, deliveries: readonly Delivery[], send: Send): Promise<void> {
  const parts = of.parts(send);
  const one = async (number: number) => mustBeDelivered(await attempt(deliveries[number] as Delivery, parts), of);
  await many(one, { runs: deliveries.length, atATime });
}

async function together(of: Case, deliveries: readonly Delivery[], send: Send): Promise<void> {
  const { batch } = of;
  if (!batch) throw new Error(`${of.slug}, ${of.action}: no batches`);
  const parts = of.parts(send);
  const groups = new GroupCommit<Delivery, Outcome>((items) =>
    attemptTogether({ deliveries: items, batch, parts: () => parts }),
  );
  const outcomes = deliveries.map((delivery) => groups.add('', delivery, { running: atATime, items: batch.max }));
  for (const outcome of await Promise.all(outcomes)) mustBeDelivered(outcome, of);
}

async function measureBatches(cases: readonly Case[]): Promise<void> {
  print(
    `\n${deliveriesOfOneConnection} deliveries of one connection at once; ${latencyMs} ms for a request, ${atATime} at a time`,
  );
  const vendor = await startVendor({ latencyMs, words: wordsOf(cases) }, atATime);
  for (const of of cases) {
    const title = `${of.slug.padEnd(12)}${of.action.padEnd(18)}`;
    if (!batchAnswers[of.slug]) {
      print(`${title}not measured: batch-answers.ts has no word for it`);
      continue;
    }
    const deliveries = peopleOf(of, deliveriesOfOneConnection);
    const alone = await timed(of, vendor, (send) => singly(of, deliveries, send));
    const batches = await timed(of, vendor, (send) => together(of, deliveries, send));
    const [one, other] = [alone, batches].map(
      ({ ms, microseconds, requests }) =>
        `${requests.toString().padStart(4)} requests, ${ms.toFixed(0).padStart(4)} ms, ${microseconds.toFixed(0).padStart(3)} us of CPU each`,
    );
    print(`${title}${one};  in batches ${other}: ${(alone.ms / batches.ms).toFixed(1)} x as fast`);
  }
  await vendor.stop();
}

const all = await Promise.all((await subjects()).map(casesOf));
const firsts = all.flatMap((cases) => cases.slice(0, 1));
printSingle(firsts, await measureSingle(firsts));
await measureBatches(all.flatMap((cases) => cases.find((of) => isOneGroup(of, peopleOf(of, 2))) ?? []));
