// Every class of answer with every idempotency: again or never, and whether the connection has to stop.
import { describe, expect, it } from '@jest/globals';
import { answerClasses, classified, type AnswerClass } from '@sluice/connector-kit';
import type { Idempotency } from '@sluice/contracts';
import { verdict, type Verdict } from './verdict.ts';

const again: Verdict = { result: 'retryable' };
const never: Verdict = { result: 'rejected' };
const stopped: Verdict = { result: 'retryable', errorCode: 'credentials_dead' };

/** Where one verdict stands it is the same whatever the idempotency. */
const verdicts: Record<AnswerClass, Verdict | Record<Idempotency, Verdict>> = {
  delivered: { result: 'delivered' },
  retry: again,
  throttle: again,
  auth_expired: stopped,
  auth_dead: stopped,
  permanent: never,
  split: never,
  gone: { result: 'rejected', errorCode: 'destination_gone' },
  unknown: { natural: again, key: again, none: { result: 'rejected', errorCode: 'maybe_delivered' } },
};

describe.each(['natural', 'key', 'none'] as const)('an answer to an action of idempotency %s', (idempotency) => {
  it.each(answerClasses)('%s', (answerClass) => {
    const expected = verdicts[answerClass];
    const given = verdict(classified(answerClass, 'm'), idempotency);
    expect(given).toEqual('result' in expected ? expected : expected[idempotency]);
  });
});
