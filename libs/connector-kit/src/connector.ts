// A connector is a value: what it is configured with, what it can do, how it builds a request and reads the answer.
import type { Delivery } from '@sluice/contracts';
import type * as z from 'zod';
import type { Classification } from './classify.ts';

/** A request as a connector builds it. The host sends it, with time and size limits and without following redirects. */
export interface HttpRequest {
  method: 'POST' | 'PUT' | 'PATCH' | 'GET' | 'DELETE';
  url: string;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
  /** Names of headers whose values must not be shown to anybody. */
  secretHeaders: string[];
}

/** An answer, read up to a limit. */
export interface HttpResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: string;
}

/** What a request is built from. Time comes in as an argument: building is pure. */
export interface DeliveryInput<M> {
  delivery: Delivery;
  /** The connection's settings and credentials together, as the connector's shape describes them. */
  metadata: M;
  /** Milliseconds since 1970. */
  nowMs: number;
}

export interface Action<M> {
  /** As people read it: "Send the event". */
  label: string;
  /** What it makes: "request". */
  noun: string;
  /** The action's own fields in a rule's metadata, if any. */
  fields?: z.ZodObject;
  /** Throws when the delivery cannot be expressed: a mapping_error, never sent. */
  build: (input: DeliveryInput<M>) => HttpRequest;
}

export interface Connector<M = never> {
  /** Its folder, its topics and its `type` on the wire. */
  slug: string;
  label: string;
  /** How it proves itself to the destination, in a word for the console. */
  authentication: string;
  /** The shape of a connection's metadata; members that must not be shown are wrapped in `secret()`. */
  metadata: z.ZodType<M>;
  /** What an answer means. Pure. */
  classify: (response: HttpResponse, nowMs: number) => Classification;
  actions: Record<string, Action<M>>;
}

/** Declares a connector; the type of its metadata is inferred from the shape. */
export const defineConnector = <M>(connector: Connector<M>): Connector<M> => connector;
