// What scenarios have in common: policies, plain events, a customer with one rule.
import type { Customer, Draft, RuleWish } from '../customer.ts';
import type { Rig } from '../rig.ts';

/** Many tries, soon: what fails for a while is delivered within the run. */
export const patient = { max_attempts: 30, backoff_ms: 500, backoff_factor: 2, backoff_cap_ms: 5_000, jitter: 0.1 };

/** CONNECTION_CONCURRENCY for each connection: what a connector has in hand at most. */
export const inHandOf = (connections: number): number => connections * 64;

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
