// The actions track and identify: alone by a path of their own, several together by /v1/batch.
import {
  actionsOf,
  basic,
  classifyEach,
  fromPayload,
  InputError,
  jsonRequest,
  withFirst,
  type Action,
  type Call,
  type HttpRequest,
} from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from './classify.ts';
import type { SegmentMetadata } from './metadata.ts';

/** Segment drops what is larger, in batches without a word. */
const messageBytesMax = 32 * 1_024;

const record = z.record(z.string(), z.unknown());
const person = {
  userId: z.string().min(1).meta({ description: 'this or anonymousId is needed' }).optional(),
  anonymousId: z.string().min(1).optional(),
  context: record.optional(),
  integrations: record.optional(),
};
const track = z.strictObject({ ...person, event: z.string().min(1), properties: record.optional() });
const identify = z.strictObject({ ...person, traits: record.optional() });

type Input = z.infer<typeof track> | z.infer<typeof identify>;

const email = { '@lower': { '@trim': { '@path': 'email' } } };
const personOfEvent = {
  userId: { '@string': { '@default': [{ '@path': 'user_id' }, { '@path': 'userId' }, email] } },
  anonymousId: { '@string': { '@default': [{ '@path': 'anonymous_id' }, { '@path': 'anonymousId' }] } },
};

export const actions = {
  track: messageAction('track', {
    label: 'Track an event',
    noun: 'event',
    input: track,
    map: { ...personOfEvent, event: { '@event': 'type' }, properties: { '@path': '' } },
  }),
  identify: messageAction('identify', {
    label: 'Identify a user',
    noun: 'user',
    input: identify,
    map: {
      ...personOfEvent,
      traits: {
        email,
        ...fromPayload({ firstName: 'first_name', lastName: 'last_name', phone: 'phone', title: 'title' }),
        company: fromPayload({ name: 'company' }),
      },
    },
  }),
};

interface MessageAction<I> {
  label: string;
  noun: string;
  input: z.ZodType<I>;
  /** The default mapping. */
  map: Record<string, unknown>;
}

function messageAction<I extends Input>(
  type: 'track' | 'identify',
  { label, noun, input, map }: MessageAction<I>,
): Action<SegmentMetadata> {
  return actionsOf<SegmentMetadata>()<Record<string, unknown>, I>({
    label,
    noun,
    input,
    defaultMapping: { schema_version: 2, map },
    idempotency: 'key',
    build: (call) => request(call.metadata, type, message(call)),
    batch: {
      max: 100,
      maxBytes: 500_000,
      build: withFirst(({ metadata }, calls) =>
        request(metadata, 'batch', { batch: calls.map((call) => ({ type, ...message(call) })) }),
      ),
      read: (response, calls, nowMs) =>
        classifyEach(calls, classify(response, nowMs), [400, 413].includes(response.status)),
    },
  });
}

/** A repeat carries the same messageId, by which Segment tells it for a day at least. */
function message({ delivery, input }: Call<SegmentMetadata, unknown, Input>): Record<string, unknown> {
  if (input.userId === undefined && input.anonymousId === undefined) {
    throw new InputError('userId', 'must be given where there is no anonymousId');
  }
  const made = { messageId: delivery.id, timestamp: new Date(delivery.created_at).toISOString(), ...input };
  if (Buffer.byteLength(JSON.stringify(made)) > messageBytesMax) {
    throw new InputError('', `makes a message of more than ${messageBytesMax / 1_024} kB, which Segment does not take`);
  }
  return made;
}

function request(metadata: SegmentMetadata, path: string, json: Record<string, unknown>): HttpRequest {
  const { base_url, write_key } = metadata;
  return jsonRequest({ method: 'POST', url: `${base_url}/v1/${path}`, json, authorization: basic(write_key, '') });
}
