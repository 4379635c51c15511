// Several deliveries of one connection in one request: each gets an outcome of its own. A batch that fails for one of them is halved
// until that one is alone.
import {
  classified,
  type Access,
  type Batch,
  type Call,
  type Classification,
  type HttpRequest,
} from '@sluice/connector-kit';
import type { Delivery, Outcome } from '@sluice/contracts';
import type { Exchange } from '@sluice/outbound';
import { attempt, authorized, refusedOutcome, toldOutcome, type AttemptParts } from './attempt.ts';
import { headOf } from './outcome.ts';
import { prepare, withAccess, type Prepared } from './prepare.ts';
import { failureOf, misread, type Settled } from './settle.ts';

type AnyBatch<M> = Batch<M, never, never>;

interface Together<M> {
  deliveries: readonly Delivery[];
  batch: AnyBatch<M>;
  parts: (delivery: Delivery) => AttemptParts<M>;
}

/** One outcome for each delivery, in their order. Never throws. */
export async function attemptTogether<M>({ deliveries, batch, parts }: Together<M>): Promise<Outcome[]> {
  const [first] = deliveries;
  if (!first) return [];
  if (deliveries.length === 1) return [await attempt(first, parts(first))];
  const common = parts(first);
  const startedAtMs = common.nowMs();
  const prepared = deliveries.map((delivery) => prepare(delivery, { ...common, nowMs: startedAtMs }));
  const sound = prepared.filter((each): each is Prepared<M> => 'call' in each);
  // What cannot be prepared is told by itself, and the others go without it.
  if (sound.length < deliveries.length)
    return apart({ deliveries, batch, parts }, (delivery, at) => !('call' in (prepared[at] ?? {})));
  const [leader] = sound;
  if (!leader) return [];
  const settled = await authorized(
    { connection: leader.connection, make: (access) => requestOf(sound, batch, access), parts: common },
    (made, access) =>
      sendTogether(made, { batch, calls: sound.map((each) => withAccess(each, access)), parts: common }),
  );
  if (!('each' in settled)) {
    // One of them may have stood in the way of the request: alone, it is told of that one.
    if (settled.code === 'request_not_built') return apart({ deliveries, batch, parts }, () => true);
    return sound.map(({ call: { delivery }, connection }) =>
      refusedOutcome(headOf(delivery, { ...parts(delivery), startedAtMs }), delivery, { refusal: settled, connection }),
    );
  }
  if (settled.each.every(({ class: answerClass }) => answerClass === 'split'))
    return halves({ deliveries, batch, parts });
  return sound.map((each, at) => {
    const head = headOf(each.call.delivery, { ...parts(each.call.delivery), startedAtMs });
    return toldOutcome(head, each, { ...settled, classification: settled.each[at] ?? untold });
  });
}

interface SettledTogether extends Settled {
  each: Classification[];
}

interface SendParts<M> {
  batch: AnyBatch<M>;
  calls: readonly Call<M, never, never>[];
  parts: AttemptParts<M>;
}

async function sendTogether<M>(request: HttpRequest, { batch, calls, parts }: SendParts<M>): Promise<SettledTogether> {
  if (Buffer.byteLength(request.body) > batch.maxBytes) return tooLarge(request, calls.length);
  const exchange = await parts.send(request);
  const each = readEach(exchange, { batch, calls, parts });
  // A token that is too old is told to all alike.
  const classification = each[0] ?? untold;
  return { request, exchange, classification, each };
}

const untold = classified('unknown', 'the answer says nothing of this delivery');

/** One for each call, whatever the connector does. */
function readEach<M>(exchange: Exchange, { batch, calls, parts }: SendParts<M>): Classification[] {
  if (exchange.kind === 'failure') return calls.map(() => failureOf(exchange));
  try {
    const read = batch.read(exchange.response, calls, parts.nowMs());
    return calls.map((_call, at) => read[at] ?? untold);
  } catch (error) {
    return calls.map(() => misread(error));
  }
}

/** Halved without being sent. */
function tooLarge(request: HttpRequest, count: number): SettledTogether {
  const classification = classified('split', 'too large for one request');
  const timing = { connectMs: null, ttfbMs: null, totalMs: 0 };
  const exchange = {
    kind: 'failure',
    layer: 'internal',
    code: 'request_not_built',
    message: classification.message,
    timing,
  } as const;
  return { request, exchange, classification, each: Array.from({ length: count }, () => classification) };
}

const requestOf = <M>(sound: readonly Prepared<M>[], batch: AnyBatch<M>, access: Access | undefined): HttpRequest =>
  batch.build(sound.map((each) => withAccess(each, access)));

async function halves<M>({ deliveries, batch, parts }: Together<M>): Promise<Outcome[]> {
  const middle = deliveries.length >> 1;
  const before = await attemptTogether({ deliveries: deliveries.slice(0, middle), batch, parts });
  return [...before, ...(await attemptTogether({ deliveries: deliveries.slice(middle), batch, parts }))];
}

/** Those that are to be alone, alone; the others together; the outcomes in the order of all. */
async function apart<M>(
  { deliveries, batch, parts }: Together<M>,
  isAlone: (delivery: Delivery, at: number) => boolean,
): Promise<Outcome[]> {
  const others = deliveries.filter((delivery, at) => !isAlone(delivery, at));
  const outcomes = new Map(
    (await attemptTogether({ deliveries: others, batch, parts })).map((each, at) => [others[at], each]),
  );
  for (const delivery of deliveries) {
    if (!outcomes.has(delivery)) outcomes.set(delivery, await attempt(delivery, parts(delivery)));
  }
  return deliveries.map((delivery) => outcomes.get(delivery) as Outcome);
}
