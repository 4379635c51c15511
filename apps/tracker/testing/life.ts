// The life of one delivery, step by step, as the facts the tracker reads of it.
import type { AttemptSummary, Delivery } from '@sluice/contracts';
import {
  projectDeadLetter,
  projectEvent,
  projectFanOut,
  projectOutcome,
  projectParked,
  projectRelease,
  projectReplay,
  projectRetry,
  type Facts,
} from '../project.ts';
import { delivery, event, fanOut, outcome } from './samples.ts';

export class Life {
  /** In the order in which things happened. */
  readonly facts: Facts[] = [projectEvent(event, 't'), projectFanOut(fanOut, 't')];
  private delivery: Delivery = delivery({ attempt: 1, trigger: 'initial', attempts: [] });
  private nowMs = 10_000;

  /** An attempt that fails and is to be made again later, over some hops through delay topics. */
  retried(hops: number): void {
    this.attempted(false);
    this.delivery = { ...this.delivery, attempt: this.delivery.attempt + 1, trigger: 'retry' };
    const due_at = this.nowMs + 5_000;
    for (let hop = 0; hop <= hops; hop++) {
      const retry = { due_at, cause: 'backoff', decided_at: this.nowMs, hop, delivery: this.delivery } as const;
      this.facts.push(projectRetry(retry));
    }
  }

  /** Parked, and released again, this often, before it is attempted. */
  wasParked(times: number): void {
    for (let time = 0; time < times; time++) {
      this.stayedParked();
      this.facts.push(
        projectRelease({ released_at: (this.nowMs += 1_000), is_expired: false, delivery: this.delivery }),
      );
    }
  }

  stayedParked(): void {
    const parked_at = (this.nowMs += 1_000);
    const place = { id: '0000000000000042-d', reason: 'breaker_open', not_before: null, parked_at };
    this.facts.push(projectParked({ ...place, delivery: this.delivery }));
  }

  /** An attempt that fails and is the last one. */
  died(): void {
    const { outcome_code, http_status, message } = this.attempted(false);
    const letter = { reason: 'attempts_exhausted', outcome_code, http_status, message, dead_at: this.nowMs };
    const from = { origin: 'deliveries.webhook', trace_id: null, delivery: this.delivery };
    this.facts.push(projectDeadLetter({ ...letter, ...from }));
  }

  /** A dead delivery asked for again. */
  replayed(id: string): void {
    const request = { id, trigger: 'replay', requested_by: null, requested_at: this.nowMs } as const;
    this.facts.push(projectReplay({ ...request, delivery: this.delivery }));
    this.delivery = { ...this.delivery, attempt: this.delivery.attempt + 1, trigger: 'replay', replay_id: id };
  }

  delivered(): void {
    this.attempted(true);
  }

  /** Attempts made so far. */
  get attempts(): number {
    return this.delivery.attempts.length;
  }

  private attempted(delivered: boolean): AttemptSummary {
    this.nowMs += 1_000;
    const { attempt, trigger, replay_id } = this.delivery;
    const summary: AttemptSummary = {
      attempt,
      trigger,
      started_at: this.nowMs,
      total_ms: 12.5,
      outcome_code: delivered ? 'delivered' : 'rejected_server_error',
      http_status: delivered ? 200 : 503,
      message: delivered ? '' : `failure ${attempt}`,
    };
    this.delivery = { ...this.delivery, attempts: [...this.delivery.attempts, summary] };
    const { message, ...told } = summary;
    const error = delivered ? null : { layer: 'http', code: 'http_503', message };
    const result = delivered ? 'delivered' : 'retryable';
    this.facts.push(projectOutcome(outcome({ ...told, replay_id, result, error, span_id: `s${attempt}` })));
    return summary;
  }
}
