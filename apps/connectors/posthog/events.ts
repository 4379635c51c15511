// The actions capture and identify: alone by /i/v0/e/, several together by /batch/.
import { actionsOf, classifyEach, fromPayload, withFirst, type Action, type Call } from '@sluice/connector-kit';
import * as z from 'zod';
import { classify } from './classify.ts';
import type { PosthogMetadata } from './metadata.ts';
import { request } from './requests.ts';

const record = z.record(z.string(), z.unknown());
/** PostHog cuts off what is longer, and would take two people for one. */
const name = z.string().min(1).max(200);

const capture = z.strictObject({ distinct_id: name, event: name, properties: record.optional() });
const identify = z.strictObject({
  distinct_id: name,
  $set: record.optional(),
  $set_once: record.optional(),
  $anon_distinct_id: name.meta({ description: 'who it was before, to be one with distinct_id' }).optional(),
});

const email = { '@lower': { '@trim': { '@path': 'email' } } };
const distinctId = { '@string': { '@default': [{ '@path': 'distinct_id' }, { '@path': 'user_id' }, email] } };

interface Event {
  distinct_id: string;
  event: string;
  properties: Record<string, unknown>;
}

export const actions = {
  capture: eventAction({
    label: 'Capture an event',
    noun: 'event',
    input: capture,
    map: { distinct_id: distinctId, event: { '@event': 'type' }, properties: { '@path': '' } },
    event: ({ properties = {}, ...rest }) => ({ ...rest, properties }),
  }),
  identify: eventAction({
    label: "Set a person's properties",
    noun: 'person',
    input: identify,
    map: {
      distinct_id: distinctId,
      $set: {
        email,
        ...fromPayload({ first_name: 'first_name', last_name: 'last_name', phone: 'phone', company: 'company' }),
      },
    },
    event: ({ distinct_id, ...properties }) => ({ distinct_id, event: '$identify', properties }),
  }),
};

interface EventAction<I> {
  label: string;
  noun: string;
  input: z.ZodType<I>;
  /** The default mapping. */
  map: Record<string, unknown>;
  event: (input: I) => Event;
}

function eventAction<I>({ label, noun, input, map, event }: EventAction<I>): Action<PosthogMetadata> {
  const sent = ({ delivery, input: made }: Call<PosthogMetadata, unknown, I>) => {
    const { properties, ...rest } = event(made);
    return {
      ...rest,
      // The request comes from here, and not from where the person is.
      properties: { $geoip_disable: true, ...properties },
      timestamp: new Date(delivery.created_at).toISOString(),
      uuid: delivery.id,
    };
  };
  return actionsOf<PosthogMetadata>()<Record<string, unknown>, I>({
    label,
    noun,
    input,
    defaultMapping: { schema_version: 2, map },
    idempotency: 'key',
    build: (call) => request(call.metadata, '/i/v0/e/', sent(call)),
    batch: {
      max: 100,
      maxBytes: 20_000_000,
      build: withFirst(({ metadata }, calls) => request(metadata, '/batch/', { batch: calls.map(sent) })),
      read: (response, calls, nowMs) =>
        classifyEach(calls, classify(response, nowMs), [400, 413].includes(response.status)),
    },
  });
}
