// s2: a name that resolves otherwise each time, to a place that may be called and to ones that may not. In process: the stack's resolver is the system's (S2).
import { OutboundClient, readAllowList, type Exchange } from '@sluice/outbound';
import { connectionAttempts } from '@sluice/outbound/testing/connection-attempts.ts';
import { forbiddenAnswers } from '@sluice/outbound/testing/forbidden-urls.ts';
import { canaryPath, Hostile } from '../hostile.ts';
import { randomOf, shuffled, type Random } from '../random.ts';
import type { Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';

/** Stands for the public address of the name: the one place that this client may call. */
const permitted = '127.0.0.2';
const timeoutMs = 5_000;

/** One third each: what may be called, what may not, and both in any order. */
function answerOf(random: Random): readonly string[] {
  const bad = forbiddenAnswers[Math.floor(random() * forbiddenAnswers.length)] ?? [];
  const kind = Math.floor(random() * 3);
  if (kind === 0) return [permitted];
  return kind === 1 ? bad : shuffled([permitted, ...bad], random);
}

const mayConnect = (addresses: readonly string[]): boolean =>
  addresses.length > 0 && addresses.every((address) => address === permitted);

async function run(rig: Rig, { events: tries, seed }: Run): Promise<Verdict> {
  const random = randomOf(seed);
  const answers: (readonly string[])[] = [];
  const resolve = () => {
    const addresses = answerOf(random);
    answers.push(addresses);
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
  const policy = { allow: readAllowList(permitted), allowHttp: true };
  const client = new OutboundClient(policy, { connectionsPerOrigin: 1, resolve });
  const canary = await Hostile.start();
  const tried = connectionAttempts();
  try {
    const url = `http://flips.example.com:${canary.port}${canaryPath}`;
    const exchanges: Exchange[] = [];
    for (let n = 0; n < tries; n++) {
      exchanges.push(await client.send({ method: 'POST', url, headers: {}, body: '{}' }, timeoutMs));
    }
    return verdictOn({ answers, exchanges, tried: tried.addresses, came: (await canary.heard()).connections });
  } finally {
    tried.stop();
    await client.close();
    canary.stop();
  }
}

interface Seen {
  readonly answers: readonly (readonly string[])[];
  readonly exchanges: readonly Exchange[];
  /** Addresses that this process tried to connect to. */
  readonly tried: readonly string[];
  /** Connections that the canary had, by the address that they came to. */
  readonly came: Readonly<Record<string, number>>;
}

function verdictOn({ answers, exchanges, tried, came }: Seen): Verdict {
  const ways = exchanges.map((exchange) => (exchange.kind === 'answer' ? 'answered' : exchange.code));
  const wanted = answers.map((addresses) => (mayConnect(addresses) ? 'answered' : 'address_forbidden'));
  const { [permitted]: called = 0, ...astray } = came;
  const counts = [...Map.groupBy(ways, (way) => way)].map(([way, all]) => `${all.length} ${way}`);
  return {
    criteria: [
      exactly(0, { what: 'connections at the canary', figure: Object.values(astray).reduce((a, b) => a + b, 0) }),
      exactly(0, { what: 'connections tried elsewhere', figure: tried.filter((each) => each !== permitted).length }),
      exactly(exchanges.length, { what: 'look-ups, one for each try', figure: answers.length }),
      exactly(0, {
        what: 'ends that the answer does not explain',
        figure: ways.filter((way, n) => way !== wanted[n]).length,
      }),
      exactly(wanted.filter((way) => way === 'answered').length, { what: 'connections where it may', figure: called }),
    ],
    notes: [`${exchanges.length} tries: ${counts.join(', ')}`],
  };
}

export const s2: Scenario = {
  name: 's2',
  proves:
    'S2: a name that resolves otherwise each time, 0 connections to where nobody may call (the client alone, in process)',
  size: { events: 10_000, kills: 0, seconds: 0 },
  short: { events: 1_000, kills: 0, seconds: 0 },
  run,
};
