// One attempt to start a test from: a connector, its connection, a delivery, and a destination that answers as it is told.
import { byStatus, defineConnector, secret, type Call, type Connector, type HttpRequest } from '@sluice/connector-kit';
import { defaultPolicy, firstAttempt, type Delivery } from '@sluice/contracts';
import type { Exchange } from '@sluice/outbound';
import * as z from 'zod';
import { attempt, type AttemptParts } from '../src/attempt.ts';
import type { OpenConnection } from '../src/connections.ts';
import type { Send } from '../src/settle.ts';

export const nowMs = 1_700_000_000_000;

const metadata = z.strictObject({ url: z.string(), token: secret(z.string()).optional() });
export type Metadata = z.infer<typeof metadata>;

/** With the access token where there is one, else with the connection's own. */
const build = ({ delivery, metadata: { url, token = '' }, access }: Call<Metadata>): HttpRequest => ({
  method: 'POST',
  url,
  headers: {
    'content-type': 'application/json',
    authorization: `Bearer ${access?.token ?? token}`,
    'x-key': token,
  },
  body: delivery.payload,
  secretHeaders: ['authorization', 'x-key'],
});

export const connector: Connector<Metadata> = defineConnector({
  slug: 'test',
  label: 'Test',
  apiVersion: null,
  authentication: 'bearer',
  metadata,
  classify: byStatus,
  actions: {
    send: { label: 'Send', noun: 'request', idempotency: 'natural', build },
    once: { label: 'Send once', noun: 'request', idempotency: 'none', build },
    impossible: {
      label: 'Impossible',
      noun: 'nothing',
      idempotency: 'natural',
      build: () => {
        throw new Error('the payload has no email');
      },
    },
  },
});

export const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  id: 'bbe790a7-4eb5-5735-8620-969f93857fa6',
  event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  rule_version: 3,
  connection_id: '22222222-2222-4222-8222-222222222222',
  connection_version: 4,
  mapping_version: null,
  connector: 'test',
  action: 'send',
  action_settings: '{}',
  event: 'lead.created',
  resource: null,
  resource_id: null,
  payload: '{"n":"größe"}',
  created_at: nowMs - 1_000,
  created_by: 'mk_test',
  queued_at: nowMs - 250,
  ...firstAttempt,
  attempt: 2,
  trigger: 'retry',
  ...over,
});

export const connection = (over: Partial<OpenConnection> = {}): OpenConnection => ({
  id: '22222222-2222-4222-8222-222222222222',
  workspace: '11111111-1111-4111-8111-111111111111',
  version: 5,
  active: true,
  policy: defaultPolicy,
  metadata: { url: 'https://example.com/hook', token: 'canary' },
  isSealed: false,
  secrets: ['canary'],
  ...over,
});

export const timing = { connectMs: 1, ttfbMs: 20, totalMs: 25 };
export const answer = (
  status: number,
  over: { headers?: Record<string, string>; body?: string; truncated?: boolean } = {},
): Exchange => ({
  kind: 'answer',
  response: { status, headers: over.headers ?? {}, body: over.body ?? '' },
  truncated: over.truncated ?? false,
  timing,
});

type Failure = Extract<Exchange, { kind: 'failure' }>;
/** No answer. The request went out, unless `timing` says that it did not. */
export const failure = (over: Partial<Omit<Failure, 'kind'>> = {}): Failure => ({
  kind: 'failure',
  layer: 'tcp',
  code: 'connection_lost',
  message: 'the connection failed',
  timing,
  ...over,
});
export const notSent = { connectMs: null, ttfbMs: null, totalMs: 9 };

/** A destination that says `exchanges` one after the other; the last one again and again. */
export function destination(exchanges: readonly Exchange[]) {
  const sent: HttpRequest[] = [];
  const send: Send = (request) => {
    sent.push(request);
    return Promise.resolve(exchanges[Math.min(sent.length, exchanges.length) - 1] as Exchange);
  };
  return { sent, send };
}

export interface Case {
  delivery?: Partial<Delivery>;
  connection?: OpenConnection | undefined;
  exchanges?: readonly Exchange[];
  exchange?: Exchange;
  access?: AttemptParts<Metadata>['access'];
  connector?: Connector<Metadata>;
}

export const partsOf = (given: Case, send: Send): AttemptParts<Metadata> => ({
  connector: given.connector ?? connector,
  connection: 'connection' in given ? given.connection : connection(),
  access: given.access ?? (() => ({ access: undefined })),
  send,
  traceId: 't'.repeat(32),
  spanId: 's'.repeat(16),
  nowMs: () => nowMs,
});

/** One attempt, and what was sent for it. */
export async function attempted(given: Case) {
  const { sent, send } = destination(given.exchanges ?? [given.exchange ?? answer(200)]);
  return { sent, outcome: await attempt(delivery(given.delivery), partsOf(given, send)) };
}
