// What a connector's `fixtures.ts` says of it: the requests it makes and how it reads each documented answer. The conformance suite
// (tools/conformance) runs them for every connector: pure, against the vendor's contract, and through the host.
import type { AnswerClass } from './classify.ts';
import type { Access } from './connector.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

type Json = Record<string, unknown>;

/** The delivery that every fixture is: what stands in golden requests. */
export const fixtureDelivery = {
  id: '8ebca8d3-ceea-55df-adfb-2ef1cc11a4a8',
  event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
  workspace: '11111111-1111-4111-8111-111111111111',
  rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  event: 'lead.created',
  created_at: Date.parse('2026-01-01T00:00:00Z'),
} as const;

export interface ConnectorFixtures {
  /** Connections to try it with, by what distinguishes them ("token", "oauth"); the first is the usual one. Every secret in them contains `canary`. */
  connections: Readonly<Record<string, { metadata: Json; access?: Access }>>;
  /** For each action, deliveries with the requests they become. */
  deliveries: Readonly<Record<string, readonly DeliveryFixture[]>>;
  /** Every documented answer, also those that look like success and are none. */
  answers: readonly AnswerFixture[];
  /**
   * What the vendor's contract (`contract.yaml` beside it) has to refuse, one request for each operation that is used: proof that the
   * contract is checked at all.
   */
  refused: readonly {
    operation: string;
    method: HttpRequest['method'];
    path: string;
    headers?: Record<string, string>;
    body?: unknown;
  }[];
}

export interface DeliveryFixture {
  /** What is special about it: "all fields", "an email with a slash". */
  name: string;
  /** Which of `connections`; the first where it is missing. */
  connection?: string;
  /** The rule's own fields for the action. */
  fields?: Json;
  /** The event's payload. The action's default mapping makes the input of it, or `mapping` does. */
  payload: Json;
  /** A mapping schema in place of the default. */
  mapping?: Json;
  /** Why the vendor's contract cannot judge these requests, where it has no such operation. */
  outsideContract?: string;
  /** What is sent, one after the other; each but the last with the answer that leads to the next. The last is answered with success. */
  requests: readonly RequestFixture[];
}

export interface RequestFixture {
  method: HttpRequest['method'];
  /** The whole URL. */
  url: string;
  /** Headers that have to be there as given; others may be. */
  headers?: Record<string, string>;
  /** The body: parsed JSON, or text where it is none; empty where it is missing. */
  json?: unknown;
  body?: string;
  /** What the vendor says to it. The success of the contract where it is missing. */
  answer?: Answer;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Text as it is, everything else as JSON; nothing where it is missing. */
  body?: unknown;
}

/** An answer as connectors read it. */
export const answer = (status: number, body: unknown = '', headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

export interface AnswerFixture extends Answer {
  /** The vendor's word for it: "400 PROPERTY_DOESNT_EXIST". */
  name: string;
  /** The action whose answer it is. */
  action: string;
  /** Which of the action's `deliveries`; the first where it is missing. */
  delivery?: string;
  /** The answer to two such deliveries in one request, and what each of them takes it for. */
  together?: true;
  /** Answers to the requests before this one. */
  after?: readonly Answer[];
  connection?: string;
  /** `conflict`: one more request settles it. */
  class: AnswerClass | 'conflict';
  /** Milliseconds until the vendor wants to hear of us again, where it says so. */
  retryInMs?: number;
}
