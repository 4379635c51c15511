// What it means to attempt a delivery: prepare, build, settle, and tell it as an outcome. Everything that can go wrong is an outcome too.
import type { Access, Call, Connector, HttpRequest } from '@sluice/connector-kit';
import type { Delivery, Outcome } from '@sluice/contracts';
import type { AccessAnswer } from './access-tokens.ts';
import type { OpenConnection } from './connections.ts';
import { headOf, refused, told, type Head, type Refusal } from './outcome.ts';
import { built, prepare, withAccess, type Prepared } from './prepare.ts';
import { secretTexts, struckOut } from './redact.ts';
import { settle, type Read, type Send, type Settled } from './settle.ts';
import { verdict } from './verdict.ts';

export interface AttemptParts<M> {
  connector: Connector<M>;
  connection: OpenConnection | undefined;
  /** The access token of the connection, if it is one that has some; another than the stale one. */
  access: (connection: OpenConnection, stale?: Access) => Promise<AccessAnswer> | AccessAnswer;
  send: Send;
  /** Of the span that makes this attempt. */
  traceId: string | null;
  spanId: string | null;
  nowMs: () => number;
}

/** Makes one attempt. Never throws, whatever the connector or the destination does. */
export async function attempt<M>(delivery: Delivery, parts: AttemptParts<M>): Promise<Outcome> {
  const startedAtMs = parts.nowMs();
  const head = headOf(delivery, { ...parts, startedAtMs });
  const prepared = prepare(delivery, { ...parts, nowMs: startedAtMs });
  const outcome = 'call' in prepared ? await sent(prepared, parts) : prepared;
  if (!('request' in outcome))
    return refusedOutcome(head, delivery, { refusal: outcome, connection: parts.connection });
  return toldOutcome(head, prepared as Prepared<M>, outcome);
}

async function sent<M>(prepared: Prepared<M>, parts: AttemptParts<M>): Promise<Settled | Refusal> {
  const { action, connection } = prepared;
  const make = (access: Access | undefined): HttpRequest => action.build(withAccess(prepared, access));
  return authorized({ connection, make, parts }, (request, access) => {
    const call: Call<M, never, never> = withAccess(prepared, access);
    const read: Read = (response, nowMs) =>
      action.read ? action.read(response, call, nowMs) : parts.connector.classify(response, nowMs);
    return settle(request, read, parts);
  });
}

interface Authorized<Request> {
  connection: OpenConnection;
  make: (access: Access | undefined) => Request;
  parts: Pick<AttemptParts<never>, 'access'>;
}

/** With the access token as it stands; once more with a fresh one when the vendor says that it is too old. */
export async function authorized<Request, Result extends { classification: Settled['classification'] }>(
  { connection, make, parts }: Authorized<Request>,
  use: (request: Request, access: Access | undefined) => Promise<Result>,
): Promise<Result | Refusal> {
  const first = await parts.access(connection);
  if ('problem' in first) return accessRefusal(first);
  const request = built(() => make(first.access));
  if (!('request' in request)) return request;
  const result = await use(request.request, first.access);
  if (result.classification.class !== 'auth_expired' || !first.access) return result;
  const second = await parts.access(connection, first.access);
  if ('problem' in second) return accessRefusal(second);
  const again = built(() => make(second.access));
  return 'request' in again ? use(again.request, second.access) : again;
}

const accessRefusal = ({ problem, isDead }: Extract<AccessAnswer, { problem: string }>): Refusal => ({
  result: 'retryable',
  outcomeCode: 'auth_failed',
  code: isDead ? 'credentials_dead' : 'access_unavailable',
  message: problem,
});

/** A delivery that was not sent. */
export function refusedOutcome(
  head: Head,
  delivery: Delivery,
  { refusal, connection }: { refusal: Refusal; connection: OpenConnection | undefined },
): Outcome {
  const message = struckOut(refusal.message, connection?.secrets ?? []);
  return refused(head, delivery, { ...refusal, message });
}

/** A delivery that was sent. */
export function toldOutcome<M>(head: Head, { action, call, connection }: Prepared<M>, settled: Settled): Outcome {
  return told(head, call.delivery, {
    ...settled,
    verdict: verdict(settled.classification, action.idempotency),
    secrets: secretsOf(settled.request, connection),
  });
}

/** What was sent as a proof, whole and without its scheme ("Bearer"), besides the credentials themselves. */
export function secretsOf(request: HttpRequest, connection: OpenConnection | undefined): string[] {
  const proofs = request.secretHeaders.flatMap((name) => request.headers[name] ?? []);
  const texts = proofs.flatMap((value) => [value, value.replace(/^\S+ /, '')]);
  return [...(connection?.secrets ?? []), ...secretTexts([...texts, ...(request.secrets ?? [])])];
}
