// Records of one event and its one delivery, to start a test from.
import {
  firstAttempt,
  type AttemptSummary,
  type Delivery,
  type Event,
  type FanOut,
  type Outcome,
} from '@sluice/contracts';

export const event: Event = {
  id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  event: 'lead.created',
  payload: '{"email":"jane@example.com","n":12345678901234567890.10}',
  resource: 'contact',
  resource_id: '7',
  created_at: 1_000,
  created_by: 'mk_test',
  schema_problem: null,
};

export const head = {
  event_id: event.id,
  rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  id: 'bbe790a7-4eb5-5735-8620-969f93857fa6',
  workspace: event.workspace,
  connection_id: '22222222-2222-4222-8222-222222222222',
  connector: 'webhook',
  action: 'send_webhook',
  rule_version: 3,
  connection_version: 4,
  mapping_version: null,
};

export const failure: AttemptSummary = {
  attempt: 2,
  trigger: 'retry',
  started_at: 5_000,
  total_ms: 12.5,
  outcome_code: 'rejected_server_error',
  http_status: 503,
  message: 'the destination answered 503',
};

export const delivery = (over: Partial<Delivery> = {}): Delivery => ({
  ...head,
  action_settings: '{}',
  event: event.event,
  resource: event.resource,
  resource_id: event.resource_id,
  payload: event.payload,
  created_at: event.created_at,
  created_by: event.created_by,
  queued_at: 2_000,
  ...firstAttempt,
  attempt: 2,
  trigger: 'retry',
  attempts: [failure],
  ...over,
});

export const fanOut: FanOut = {
  event_id: event.id,
  workspace: event.workspace,
  event: event.event,
  resource: event.resource,
  resource_id: event.resource_id,
  created_at: event.created_at,
  created_by: event.created_by,
  routed_at: 2_000,
  overflow: 0,
  budget_exhausted: false,
  deliveries: [{ ...head, warnings: [] }],
};

export const outcome = (over: Partial<Outcome> = {}): Outcome => ({
  ...head,
  delivery_id: head.id,
  event: event.event,
  attempt: 2,
  trigger: 'retry',
  replay_id: null,
  result: 'retryable',
  outcome_code: 'rejected_server_error',
  retry_at: null,
  started_at: 5_000,
  queued_ms: 3,
  connect_ms: 0.5,
  ttfb_ms: 10,
  total_ms: 12.5,
  http_status: 503,
  error: { layer: 'http', code: 'http_503', message: 'the destination answered 503' },
  request: { method: 'POST', url: 'https://example.com/', headers: {}, body_bytes: 2, body_sha256: 'x' },
  response: { status: 503, headers: { 'x-a': 'b' }, body: 'later', truncated: false },
  trace_id: 't',
  span_id: 's',
  delivery: delivery(),
  ...over,
});
