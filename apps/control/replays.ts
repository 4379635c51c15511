// Asks for a dead letter again: taken out of the list first, so that two who ask at once make one attempt.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, notFound, type MachineCaller, type ReplayAnswer } from '@sluice/api';
import { newId, topics, type Replay } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { DeadLetters, type DeadLetterRow, type DeliveryRow } from '@sluice/persistence';
import { EVENT_LOG } from '@sluice/service';

@Injectable()
export class Replays {
  private readonly deadLetters: DeadLetters;
  private readonly eventLog: EventLog;

  constructor(@Inject(DeadLetters) deadLetters: DeadLetters, @Inject(EVENT_LOG) eventLog: EventLog) {
    this.deadLetters = deadLetters;
    this.eventLog = eventLog;
  }

  /** Tries a failed delivery again; the delivery as it stands from now on. Throws ApiError (425, 409) when there is nothing to retry. */
  async retry(caller: MachineCaller, delivery: DeliveryRow): Promise<DeliveryRow> {
    if (delivery.state === 'delivered') throw new ApiError('delivery_completed');
    const letter =
      delivery.state === 'dead' ? await this.deadLetters.one([delivery.workspace], delivery.id) : undefined;
    if (!letter) throw new ApiError('retry_too_early');
    const replay = await this.ask(caller, letter, 'manual');
    return { ...delivery, state: 'queued', state_reason: 'manual', replay_id: replay.id, completed_at: null };
  }

  async replay(caller: MachineCaller, letter: DeadLetterRow | undefined): Promise<ReplayAnswer> {
    if (!letter) throw notFound('id', 'dead letter');
    const replay = await this.ask(caller, letter, 'replay');
    return {
      id: replay.id,
      dead_letter: letter.id,
      requested_at: new Date(replay.requested_at).toISOString(),
      requested_by: replay.requested_by,
    };
  }

  private async ask(caller: MachineCaller, letter: DeadLetterRow, trigger: 'manual' | 'replay'): Promise<Replay> {
    if (!(await this.deadLetters.take(letter.id))) throw new ApiError('retry_too_early');
    const replay: Replay = {
      id: newId(),
      trigger,
      requested_by: caller.key,
      requested_at: Date.now(),
      delivery: letter.delivery,
    };
    try {
      await this.eventLog.append(topics.replays, { key: letter.connection_id, value: replay });
    } catch (error) {
      await this.deadLetters.putBack(letter.id);
      throw error;
    }
    return replay;
  }
}
