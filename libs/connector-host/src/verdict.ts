// What a classification means for the delivery.
import type { Classification } from '@sluice/connector-kit';
import type { AttemptErrorCode, Idempotency, Result } from '@sluice/contracts';

export interface Verdict {
  result: Result;
  /** Says more of the failure than the answer's status. The first two say that the connection has to stop. */
  errorCode?: AttemptErrorCode;
}

export function verdict({ class: answerClass }: Classification, idempotency: Idempotency): Verdict {
  switch (answerClass) {
    case 'delivered':
      return { result: 'delivered' };
    case 'retry':
    case 'throttle':
      return { result: 'retryable' };
    // A token that is too old although it has just been got: somebody else has to see to it.
    case 'auth_expired':
    case 'auth_dead':
      return { result: 'retryable', errorCode: 'credentials_dead' };
    case 'gone':
      return { result: 'rejected', errorCode: 'destination_gone' };
    // Alone, there is nothing to split.
    case 'permanent':
    case 'split':
      return { result: 'rejected' };
    case 'unknown':
      return idempotency === 'none' ? { result: 'rejected', errorCode: 'maybe_delivered' } : { result: 'retryable' };
  }
}
