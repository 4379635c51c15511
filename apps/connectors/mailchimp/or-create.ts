// What is said of a member who may not be there yet: tags, events.
import type { HttpRequest, HttpResponse, Reading } from '@sluice/connector-kit';
import * as z from 'zod';
import { attemptOf, classify } from './classify.ts';
import { putMember, type MemberCall } from './member.ts';

/** A tag or an event does not say that somebody wants mail. */
export const statusIfNew = z
  .enum(['transactional', 'subscribed', 'pending', 'unsubscribed'])
  .default('transactional')
  .meta({ description: 'what somebody becomes who is not there yet; transactional: not subscribed' });

interface StatusFields {
  status_if_new: z.infer<typeof statusIfNew>;
}

/** Where the member is not there, creates it and says the same again. */
export const orCreate =
  <C extends MemberCall<StatusFields>>(say: (call: C) => HttpRequest, recordOf: (call: C) => object) =>
  (response: HttpResponse, call: C, nowMs: number): Reading =>
    response.status === 404
      ? {
          why: 'conflict',
          then: putMember(call, { status_if_new: call.fields.status_if_new, ...recordOf(call) }),
          read: (created, atMs) => {
            const reading = classify(created, atMs, attemptOf(call.delivery));
            return reading.class === 'delivered' ? { why: 'conflict', then: say(call), read: classify } : reading;
          },
        }
      : classify(response, nowMs);
