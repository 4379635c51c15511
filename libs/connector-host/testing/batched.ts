// Deliveries made in one request to start a test from: an action that takes several, and what a vendor was sent of them.
import { byStatus, classified, type Batch, type HttpRequest } from '@sluice/connector-kit';
import type { Delivery, Idempotency, Outcome } from '@sluice/contracts';
import type { Exchange } from '@sluice/outbound';
import { attemptTogether } from '../src/attempt-batch.ts';
import type { AttemptParts } from '../src/attempt.ts';
import { connection, connector, delivery, partsOf, type Case, type Metadata } from './attempted.ts';

type AnyBatch = Batch<Metadata, never, never>;

const requestOf: AnyBatch['build'] = (calls) => ({
  method: 'POST',
  url: 'https://example.com/batch',
  headers: { authorization: `Bearer ${calls[0]?.access?.token ?? ''}` },
  body: `[${calls.map(({ delivery: { payload } }) => payload).join()}]`,
  secretHeaders: ['authorization'],
});

/** 207 tells of each item by a status of its own, 400 refuses all for one of them, 401 is a token too old. */
const batch: AnyBatch = {
  max: 100,
  maxBytes: 1_000_000,
  build: requestOf,
  read: (response, calls, nowMs) => {
    if (response.status === 207)
      return (JSON.parse(response.body) as number[]).map((status) => byStatus({ ...response, status }, nowMs));
    const { status } = response;
    if (status === 400) return calls.map(() => classified('split', 'one of them is at fault'));
    if (status === 401) return calls.map(() => classified('auth_expired', 'the token has expired'));
    return calls.map(() => byStatus(response, nowMs));
  },
};

/** The number of the delivery in its payload: `{"n":3}`. */
export const deliveries = (count: number, over: (n: number) => Partial<Delivery> = () => ({})): Delivery[] =>
  Array.from({ length: count }, (_, n) => delivery({ id: `d${n}`, action: 'many', payload: `{"n":${n}}`, ...over(n) }));

export const numbersOf = ({ body }: HttpRequest): number[] => (JSON.parse(body) as { n: number }[]).map(({ n }) => n);

export interface Together extends Pick<Case, 'access' | 'connection'> {
  deliveries: readonly Delivery[];
  batch?: Partial<AnyBatch>;
  /** Of the action. */
  idempotency?: Idempotency;
  /** What the vendor says to the numbers it is sent. */
  answers?: (numbers: readonly number[], request: HttpRequest) => Exchange;
}

/** What was sent for the deliveries, by their numbers, and what each outcome says in short. */
export async function attemptedTogether({ answers, idempotency = 'natural', ...given }: Together) {
  const sent: HttpRequest[] = [];
  const whole = { ...batch, ...given.batch };
  const many = {
    label: 'Send',
    noun: 'item',
    idempotency,
    build: (call: Parameters<typeof requestOf>[0][number]) => whole.build([call]),
  };
  const parts: AttemptParts<Metadata> = partsOf(
    { ...given, connection: 'connection' in given ? given.connection : connection() },
    (request) => {
      sent.push(request);
      return Promise.resolve(answers?.(numbersOf(request), request) ?? taken);
    },
  );
  const outcomes = await attemptTogether({
    deliveries: given.deliveries,
    batch: whole,
    parts: () => ({ ...parts, connector: { ...connector, actions: { many } } }),
  });
  return { sent, numbers: sent.map(numbersOf), outcomes, short: outcomes.map(inShort) };
}

const taken: Exchange = {
  kind: 'answer',
  response: { status: 200, headers: {}, body: '' },
  truncated: false,
  timing: { connectMs: 1, ttfbMs: 2, totalMs: 3 },
};

const inShort = ({ delivery_id, result, error }: Outcome): string =>
  [delivery_id, result, ...(error ? [error.code] : [])].join(' ');
