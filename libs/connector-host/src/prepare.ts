// From a delivery to what its action builds a request from; or why it cannot be sent.
import { InputError, type Access, type Action, type Call, type Connector } from '@sluice/connector-kit';
import type { Delivery } from '@sluice/contracts';
import type * as z from 'zod';
import type { OpenConnection } from './connections.ts';
import type { Refusal } from './outcome.ts';

export interface Prepared<M> {
  action: Action<M>;
  /** Without the access token, which is got last. */
  call: Omit<Call<M, never, never>, 'access'>;
  connection: OpenConnection;
}

export interface PrepareParts<M> {
  connector: Connector<M>;
  connection: OpenConnection | undefined;
  nowMs: number;
}

const rejected = { result: 'rejected', outcomeCode: 'internal_error' } as const;
const notExpressible = { result: 'rejected', outcomeCode: 'mapping_error' } as const;

/** Checks everything that stands between a delivery and its request. */
export function prepare<M>(delivery: Delivery, parts: PrepareParts<M>): Prepared<M> | Refusal {
  const { connector, connection, nowMs } = parts;
  if (!connection) return { ...rejected, code: 'connection_deleted', message: 'the connection no longer exists' };
  const refusal = connectionRefusal(connection) ?? mappingRefusal(delivery);
  if (refusal) return refusal;
  const action = Object.hasOwn(connector.actions, delivery.action) ? connector.actions[delivery.action] : undefined;
  if (!action)
    return { ...rejected, code: 'action_unknown', message: `the connector has no action ${delivery.action}` };
  const metadata = metadataOf(connector, connection);
  if ('problem' in metadata) return { ...rejected, code: 'metadata_invalid', message: metadata.problem };
  const fields = parsed(action.fields, delivery.action_settings, 'fields');
  if ('problem' in fields) return { ...notExpressible, code: 'input_invalid', message: fields.problem };
  const input = parsed(action.input, delivery.payload, '');
  if ('problem' in input) return { ...notExpressible, code: 'input_invalid', message: input.problem };
  const call = {
    delivery,
    metadata: metadata.value,
    fields: fields.value as never,
    input: input.value as never,
    nowMs,
  };
  return { action, call, connection };
}

function connectionRefusal(connection: OpenConnection): Refusal | undefined {
  if (!connection.active)
    return { ...rejected, code: 'connection_inactive', message: 'the connection is switched off' };
  if (!connection.isSealed) return undefined;
  const message = "the connection's credentials do not open with the keys of this installation";
  return { result: 'retryable', outcomeCode: 'internal_error', code: 'credentials_unreadable', message };
}

function mappingRefusal({ mapping_error: error }: Delivery): Refusal | undefined {
  if (!error) return undefined;
  const where = error.field === '' ? '' : `${error.field}: `;
  return { ...notExpressible, code: 'mapping_failed', message: `${where}${error.message}` };
}

type Parsed<T> = { value: T } | { problem: string };

/** Parsed once for each connection as it stands, not once for each delivery. */
const metadataByConnection = new WeakMap<OpenConnection, Parsed<unknown>>();

/** The connection's metadata in its connector's shape. */
export function metadataOf<M>({ metadata }: Connector<M>, connection: OpenConnection): Parsed<M> {
  let known = metadataByConnection.get(connection);
  if (!known) {
    const result = metadata.safeParse(connection.metadata);
    const member = result.success ? '' : result.error.issues[0]?.path.join('.') || 'metadata';
    known = result.success ? { value: result.data } : { problem: `the connection's ${member} is not usable` };
    metadataByConnection.set(connection, known);
  }
  return known as Parsed<M>;
}

/** JSON text in a shape; untouched and unread where there is none. The problem names the place. */
function parsed(shape: z.ZodType | undefined, text: string, at: string): Parsed<unknown> {
  if (!shape) return { value: undefined };
  const read = built(() => shape.safeParse(JSON.parse(text)));
  if (!('request' in read)) return { problem: `${at === '' ? 'the payload' : at}: ${read.message}` };
  const result = read.request;
  if (result.success) return { value: result.data };
  const [issue] = result.error.issues;
  const place = [...(at === '' ? [] : [at]), ...(issue?.path ?? [])].map(String).join('.');
  return { problem: `${place === '' ? 'the payload' : place}: ${issue?.message ?? 'does not fit'}` };
}

/** What builds a request, with its errors as the refusals they are. */
export function built<T>(build: () => T): { request: T } | Refusal {
  try {
    return { request: build() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const field = error instanceof InputError ? error.field : '';
    return { ...notExpressible, code: 'request_not_built', message: field === '' ? message : `${field}: ${message}` };
  }
}

/** A whole call. */
export const withAccess = <M>({ call }: Prepared<M>, access: Access | undefined): Call<M, never, never> => ({
  ...call,
  access,
});
