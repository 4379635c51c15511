// One attempt to start a test from: a connector, its connection, a delivery, and a destination that answers as it is told.
import { byStatus, defineConnector, secret, type Connector, type HttpRequest } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import type { Exchange } from '../src/http-client.ts';
import * as z from 'zod';
import { attempt, type AttemptParts } from '../src/attempt.ts';
import type { OpenConnection } from '../src/connections.ts';

export const nowMs = 1_700_000_000_000;

const metadata = z.strictObject({ url: z.string(), token: secret(z.string()).optional() });
type Metadata = z.infer<typeof metadata>;

const build = ({
  delivery,
  metadata: { url, token = '' },
}: {
  delivery: Delivery;
  metadata: Metadata;
}): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-key': token },
  body: delivery.payload,
  secretHeaders: ['authorization', 'x-key'],
});

export const connector: Connector<Metadata> = defineConnector({
  slug: 'test',
  label: 'Test',
  authentication: 'bearer',
  metadata,
  classify: byStatus,
  actions: {
    send: { label: 'Send', noun: 'request', build },
    impossible: {
      label: 'Impossible',
      noun: 'nothing',
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
  attempt: 2,
  trigger: 'retry',
  cycle_start: 1,
  replay_id: null,
  mapping_error: null,
  attempts: [],
  ...over,
});

export const connection = (over: Partial<OpenConnection> = {}): OpenConnection => ({
  id: '22222222-2222-4222-8222-222222222222',
  version: 5,
  active: true,
  timeoutMs: 1_234,
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

export interface Case {
  delivery?: Partial<Delivery>;
  connection?: OpenConnection | undefined;
  exchange?: Exchange;
  connector?: Connector<Metadata>;
}

/** One attempt, and what was sent for it. */
export async function attempted(given: Case) {
  const sent: { request: HttpRequest; timeoutMs: number }[] = [];
  const parts: AttemptParts<Metadata> = {
    connector: given.connector ?? connector,
    connection: 'connection' in given ? given.connection : connection(),
    send: (request, timeoutMs) => {
      sent.push({ request, timeoutMs });
      return Promise.resolve(given.exchange ?? answer(200));
    },
    traceId: 't'.repeat(32),
    spanId: 's'.repeat(16),
    nowMs: () => nowMs,
  };
  return { sent, outcome: await attempt(delivery(given.delivery), parts) };
}
