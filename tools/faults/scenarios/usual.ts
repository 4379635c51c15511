// What scenarios have in common: policies, plain events, a customer with one rule.
import type { Customer, Draft, RuleWish } from '../customer.ts';
import { wasTaken } from '../received.ts';
import type { Rig } from '../rig.ts';
import { holdsWithin } from '../wait.ts';

/** Many tries, soon: what fails for a while is delivered within the run. */
export const patient = { max_attempts: 30, backoff_ms: 500, backoff_factor: 2, backoff_cap_ms: 5_000, jitter: 0.1 };

/** Attempts that a connector has under way for each connection at most, where its policy names no number. */
export const inHandOf = (connections: number): number => connections * 128;

/** A consumer that was killed keeps its partitions for that long, and five seconds more are allowed. */
export const takeoverLimitMs = 15_000;

export const numbered =
  (type: string) =>
  (n: number): Draft => ({ type, payload: `{"n":${n}}` });

/** A customer whose events of a type all go to one path. */
export async function oneRule(rig: Rig, type: string, over: Partial<RuleWish> = {}): Promise<Customer> {
  const customer = await rig.customer();
  const path = `/${type.replaceAll('.', '/')}`;
  await customer.rule({ type, url: rig.destination.url(path), policy: patient, ...over });
  await customer.configured();
  return customer;
}

/** Waits until so many deliveries were taken, for longer than the audit would: a breaker that is open moves nothing meanwhile. */
export async function untilTaken(rig: Rig, deliveries: number, limitMs: number): Promise<void> {
  await holdsWithin(limitMs, async () => {
    if ((await rig.destination.count()) < deliveries) return false;
    const taken = (await rig.destination.requests()).filter(wasTaken);
    return new Set(taken.map(({ id }) => id)).size >= deliveries;
  });
}
