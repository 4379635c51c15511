// s3: destinations that redirect to a canary, which this stack's connector might call. No redirect is followed (S3).
import { beforeBreaker, canaryPath, Hostile } from '../hostile.ts';
import { send } from '../load.ts';
import { attemptsOf, waysOf } from '../outcomes.ts';
import { conserved, seen, type Rig } from '../rig.ts';
import { exactly, type Run, type Scenario, type Verdict } from '../scenario.ts';
import { numbered } from './usual.ts';

const statuses = [300, 301, 302, 303, 304, 305, 307, 308];

async function run(rig: Rig, { events }: Run): Promise<Verdict> {
  const hostile = await Hostile.start();
  try {
    const customer = await rig.customer();
    const statusOf = new Map<string, number>();
    for (const status of statuses) {
      for (let n = 0; n < events / beforeBreaker; n++) {
        const url = hostile.url(`/redirect/${status}/${n}`);
        const { rule } = await customer.rule({
          type: `fault.redirect-${status}-${n}`,
          url,
          policy: { max_attempts: 1 },
        });
        statusOf.set(rule, status);
      }
    }
    await customer.configured();
    const all = statuses.length * events;
    const connections = customer.rules.length;
    const typeOf = (n: number): string =>
      `fault.redirect-${statuses[n % statuses.length]}-${Math.floor((n % connections) / statuses.length)}`;
    const ledger = rig.ledger();
    await send({ customer, ledger, events: all, draft: (n) => numbered(typeOf(n))(n) });
    const found = await rig.audited(ledger, customer);
    const attempts = await attemptsOf(rig.plant, customer);
    const { requests } = await hostile.heard();
    const named = attempts.filter(({ rule, status }) => status === statusOf.get(rule));
    return {
      criteria: [
        exactly(0, { what: 'requests at the canary', figure: requests[canaryPath] ?? 0 }),
        exactly(all, {
          what: 'requests that were redirected',
          figure: Object.values(requests).reduce((a, b) => a + b, 0),
        }),
        exactly(all, { what: 'attempts that name the status', figure: named.length }),
        exactly(all, { what: 'dead-lettered', figure: found.states['dead-lettered'] }),
        ...conserved(found),
      ],
      notes: [...seen(found), `attempts: ${waysOf(attempts)}`],
    };
  } finally {
    hostile.stop();
  }
}

export const s3: Scenario = {
  name: 's3',
  proves: 'S3: redirects 300 to 308 to a canary, 0 followed, and each attempt names its status',
  size: { events: 100, kills: 0, seconds: 0 },
  short: { events: 20, kills: 0, seconds: 0 },
  run,
};
