// A connector is a value: what it is configured with, what it can do, how it builds requests and reads the answers. All of it pure.
import type { CatalogOAuth, ConnectorLimits, Delivery, Idempotency } from '@sluice/contracts';
import type * as z from 'zod';
import type { Classification } from './classify.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** The access token of a connection that has one by OAuth; the host sees to it that it is fresh. */
export interface Access {
  token: string;
  /** Where the vendor said to call (Salesforce's instance_url); null where it says nothing. */
  baseUrl: string | null;
}

/** What a connection can be asked with, besides deliveries: a test, live choices. */
export interface Credentials<M> {
  /** The connection's settings and credentials together, as the connector's shape describes them. */
  metadata: M;
  /** Undefined where the connection's `auth_scheme` has no tokens. */
  access: Access | undefined;
}

/** One delivery to express as a request. Time comes in as an argument. */
export interface Call<M, F = unknown, I = unknown> extends Credentials<M> {
  delivery: Delivery;
  /** The action's own fields of the rule, as `fields` describes them. */
  fields: F;
  /** What the mapping made, as `input` describes it. */
  input: I;
  /** Milliseconds since 1970. */
  nowMs: number;
}

/** One more request that it takes: a conflict that can be resolved, or a step that needs the answer of the one before. */
export interface Step {
  then: HttpRequest;
  /** `conflict`: the vendor's state stood in the way, and this settles it. `step`: it is done in several requests always. */
  why: 'conflict' | 'step';
  read: (response: HttpResponse, nowMs: number) => Reading;
}

/** What an answer means: settled, or one more request. The host makes four requests for a delivery at most. */
export type Reading = Classification | Step;

/** Several deliveries in one request, for vendors that have an endpoint for it. */
export interface Batch<M, F, I> {
  /** Deliveries in one request at most. */
  max: number;
  /** Bytes of the request's body at most; what is larger is split before it is sent. */
  maxBytes: number;
  /** Only deliveries of the same key go together (a list's id); all of them where it is missing. */
  key?: (call: Call<M, F, I>) => string;
  build: (calls: readonly Call<M, F, I>[]) => HttpRequest;
  /**
   * One classification for each delivery, in their order. `split` for all: the host sends the halves apart until the one at
   * fault is alone.
   */
  read: (response: HttpResponse, calls: readonly Call<M, F, I>[], nowMs: number) => Classification[];
}

export interface Action<M, F = never, I = never> {
  /** As people read it: "Send the event". */
  label: string;
  /** What it makes: "request". */
  noun: string;
  /** The action's own fields in a rule's metadata, if any. A member with `choices` in its meta is chosen from the connector's live choices of that name. */
  fields?: z.ZodType<F>;
  /** What the mapping has to make. Missing: any JSON, untouched in `delivery.payload`. */
  input?: z.ZodType<I>;
  /** A mapping schema that makes `input` of a plain event, used where neither rule nor connection has a mapping. */
  defaultMapping?: Readonly<Record<string, unknown>>;
  /** `natural`: the same again changes nothing. `key`: the vendor takes our id for one. `none`: after a timeout it is not repeated. */
  idempotency: Idempotency;
  /** Throws when the delivery cannot be expressed: a mapping_error, never sent. `InputError` names the field. */
  build: (call: Call<M, F, I>) => HttpRequest;
  /** What the answer means where the connector's `classify` does not say it all. */
  read?: (response: HttpResponse, call: Call<M, F, I>, nowMs: number) => Reading;
  batch?: Batch<M, F, I>;
}

/** A question to the vendor that delivers nothing. */
export interface Question<M, A> {
  build: (credentials: Credentials<M>) => HttpRequest;
  read: (response: HttpResponse) => A;
}

/** What "Test connection" found. */
export interface Tested {
  ok: boolean;
  /** What the vendor said, or whose account it is. For people. */
  message: string;
}

/** One value that a field may take, with the vendor's name for it. */
export interface Choice {
  value: string;
  label: string;
}

/** One field of the vendor's records that a mapping may make. */
export interface RecordField {
  key: string;
  label: string;
  /** The vendor's word: string, number, enumeration, date. */
  type: string;
  description: string;
  /** `{required?, read_only?, choices?, max_length?}`, as far as the vendor says. */
  constraints: Record<string, unknown>;
}

export interface Connector<M = never> {
  /** Its folder, its topics and its `type` on the wire. */
  slug: string;
  label: string;
  /** The version of the vendor's API that is spoken; null where there is none. */
  apiVersion: string | null;
  /** How it proves itself to the destination, in a word for the console. */
  authentication: string;
  /** The shape of a connection's metadata; members that must not be shown are wrapped in `secret()`. */
  metadata: z.ZodType<M>;
  /** How tokens are got, for values of the metadata's `auth_scheme` that have some. */
  oauth?: CatalogOAuth;
  /** What the vendor allows for one credential; connections start with it as their policy. */
  limits?: ConnectorLimits;
  /** Bytes of an answer that are read; 256 kB where it is missing. */
  answerBytes?: number;
  /** What an answer means. Pure. */
  classify: (response: HttpResponse, nowMs: number) => Classification;
  actions: Readonly<Record<string, Action<M>>>;
  /** Proves the credentials without changing anything. */
  test?: Question<M, Tested>;
  /** Live choices by name: lists, tags, channels. At most 1,000 each. */
  choices?: Readonly<Record<string, Question<M, Choice[]>>>;
  /** The fields of the vendor's records. */
  recordFields?: Question<M, RecordField[]>;
}

/** Declares a connector; the type of its metadata is inferred from the shape. */
export const defineConnector = <M>(connector: Connector<M>): Connector<M> => connector;

/**
 * Declares actions of a connector with metadata M: `const action = actionsOf<M>(); action({ fields, input, build })`. What `build`
 * is given has the types that its shapes describe; the host has parsed it by them.
 */
export const actionsOf =
  <M>() =>
  <F = Record<string, unknown>, I = unknown>(action: Action<M, F, I>): Action<M> =>
    action as unknown as Action<M>;
