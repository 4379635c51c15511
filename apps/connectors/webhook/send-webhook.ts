// The action send_webhook: the request of one delivery.
import { basic, type Call, type HttpRequest } from '@sluice/connector-kit';
import type { WebhookMetadata } from './metadata.ts';
import { signature } from './signature.ts';

export function sendWebhook({
  delivery,
  metadata,
  nowMs,
}: Pick<Call<WebhookMetadata>, 'delivery' | 'metadata' | 'nowMs'>): HttpRequest {
  const body = metadata.payload_mode === 'raw' ? delivery.payload : envelope(delivery);
  const timestamp = Math.floor(nowMs / 1_000);
  const headers: Record<string, string> = {
    ...lowerCase(metadata.headers ?? {}),
    ...authorization(metadata),
    'content-type': 'application/json',
    'user-agent': 'Sluice/0.1 (webhooks)',
    'webhook-id': delivery.id,
    'webhook-timestamp': String(timestamp),
    ...eventHeaders(delivery),
  };
  const secrets = [metadata.signing_secret, metadata.signing_secret_previous].filter((secret) => secret !== undefined);
  if (metadata.signing && secrets.length > 0) {
    headers['webhook-signature'] = signature({ secrets, id: delivery.id, timestamp, body });
  }
  return {
    method: metadata.http_method,
    url: metadata.url,
    headers,
    body,
    secretHeaders: secretHeaders(metadata),
    proofHeaders,
  };
}

/** Whoever sees a signature could have a body of his own taken for ours while its timestamp is fresh. */
const proofHeaders = ['webhook-signature'];

type Delivery = Call<WebhookMetadata>['delivery'];

/** The event's envelope; the payload's own text stands in it unchanged. */
function envelope(delivery: Delivery): string {
  const head = JSON.stringify({
    type: delivery.event,
    timestamp: new Date(delivery.created_at).toISOString(),
    id: delivery.event_id,
    event: delivery.event,
    workspace: delivery.workspace,
    ...(delivery.resource === null ? {} : { resource: delivery.resource }),
    ...(delivery.resource_id === null ? {} : { resource_id: delivery.resource_id }),
  });
  return `${head.slice(0, -1)},"data":${delivery.payload}}`;
}

function eventHeaders(delivery: Delivery): Record<string, string> {
  return {
    'x-sluice-event': headerText(delivery.event),
    'x-sluice-event-id': delivery.event_id,
    'x-sluice-workspace': delivery.workspace,
    'x-sluice-created-at': new Date(delivery.created_at).toISOString(),
    'x-sluice-attempt': String(delivery.attempt),
    ...(delivery.resource === null ? {} : { 'x-sluice-resource': delivery.resource }),
    ...(delivery.resource_id === null ? {} : { 'x-sluice-resource-id': delivery.resource_id }),
    ...(delivery.replay_id === null ? {} : { 'x-sluice-replay': delivery.replay_id }),
  };
}

function authorization(metadata: WebhookMetadata): Record<string, string> {
  switch (metadata.auth_scheme) {
    case 'none':
      return {};
    case 'basic':
      return { authorization: basic(metadata.auth_username ?? '', metadata.auth_password ?? '') };
    case 'bearer':
      return { authorization: `Bearer ${metadata.auth_token ?? ''}` };
    case 'header':
      return { [(metadata.auth_header_name ?? '').toLowerCase()]: metadata.auth_header_value ?? '' };
  }
}

const secretHeaders = (metadata: WebhookMetadata): string[] => [
  'authorization',
  ...Object.keys(lowerCase(metadata.headers ?? {})),
  ...(metadata.auth_header_name ? [metadata.auth_header_name.toLowerCase()] : []),
];

const lowerCase = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

/** Header values are ASCII; anything else is percent-encoded. */
const headerText = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : encodeURIComponent(text));
