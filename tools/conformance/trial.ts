// One delivery of a fixture, made the way the product makes it: mapped, prepared, attempted.
import { hash } from 'node:crypto';
import { attempt } from '@sluice/connector-host/attempt.ts';
import type { OpenConnection } from '@sluice/connector-host/connections.ts';
import type { HttpRequest } from '@sluice/connector-kit';
import { answer, fixtureDelivery, type Answer, type DeliveryFixture } from '@sluice/connector-kit/fixtures.ts';
import { defaultPolicy, firstAttempt, type Delivery, type Outcome } from '@sluice/contracts';
import { compileMapping } from '@sluice/mapping';
import type { Exchange } from '@sluice/outbound';
import type { Subject } from './connectors.ts';
import { answered } from './vendor.ts';

export const nowMs = Date.parse('2026-01-01T00:00:10Z');

/** A connection of the fixtures; the first where none is named. */
export function connectionOf({ fixtures }: Subject, name: string | undefined): OpenConnection {
  const metadata = fixtureConnection(fixtures.connections, name).metadata;
  const secrets = JSON.stringify(metadata).match(/[^"]*canary[^"]*/g) ?? [];
  const base = { id: fixtureDelivery.rule_id, workspace: fixtureDelivery.workspace, version: 1, active: true };
  return { ...base, policy: defaultPolicy, metadata, isSealed: false, secrets };
}

export function fixtureConnection<T>(connections: Readonly<Record<string, T>>, name: string | undefined): T {
  const found = name === undefined ? Object.values(connections)[0] : connections[name];
  if (!found) throw new Error(`the fixtures have no connection ${name ?? ''}`);
  return found;
}

export function deliveryOf({ connector }: Subject, action: string, fixture: DeliveryFixture): Delivery {
  const mapped = mappedPayload(fixture, connector.actions[action]?.defaultMapping);
  return {
    ...fixtureDelivery,
    rule_version: 1,
    connection_id: fixtureDelivery.rule_id,
    connection_version: 1,
    mapping_version: null,
    connector: connector.slug,
    action,
    action_settings: JSON.stringify(fixture.fields ?? {}),
    resource: null,
    resource_id: null,
    created_by: 'mk_test',
    queued_at: nowMs,
    ...firstAttempt,
    ...mapped,
  };
}

function mappedPayload(
  { payload, mapping }: DeliveryFixture,
  defaultMapping: Readonly<Record<string, unknown>> | undefined,
): Pick<Delivery, 'payload' | 'mapping_error'> {
  const schema = mapping ?? defaultMapping;
  if (!schema) return { payload: JSON.stringify(payload), mapping_error: null };
  const compiled = compileMapping(schema, { sha256: (text) => hash('sha256', text) });
  if (compiled.kind !== 'directives') throw new Error('a fixture maps by directives');
  const { id: _id, event_id: id, event: type, workspace, created_at } = fixtureDelivery;
  const result = compiled.run({
    payload,
    event: { id, type, workspace, resource: null, resource_id: null, created_at },
  });
  if (result.ok) return { payload: JSON.stringify(result.value), mapping_error: null };
  const { field, message } = result;
  return { payload: '{}', mapping_error: { field, message } };
}

export const exchangeOf = ({ status, headers, body }: Answer): Exchange =>
  answered(status, answer(status, body).body, headers);

export interface Tried {
  outcome: Outcome;
  requests: HttpRequest[];
}

/** @param answer what the vendor says to the request of this number, from 0 */
export async function tried(
  subject: Subject,
  { delivery, connection }: { delivery: Delivery; connection: string | undefined },
  answer: (request: HttpRequest, index: number) => Exchange | Promise<Exchange>,
): Promise<Tried> {
  const requests: HttpRequest[] = [];
  const { access } = fixtureConnection(subject.fixtures.connections, connection);
  const outcome = await attempt(delivery, {
    connector: subject.connector,
    connection: connectionOf(subject, connection),
    access: () => ({ access }),
    send: (request) => Promise.resolve(answer(request, requests.push(request) - 1)),
    traceId: null,
    spanId: null,
    nowMs: () => nowMs,
  });
  return { outcome, requests };
}
