// Asks for a dead letter again: two who ask at once make one attempt, and what was asked for is never forgotten.
import { Inject, Injectable } from '@nestjs/common';
import { ApiError, notFound, type MachineCaller, type ReplayAnswer } from '@sluice/api';
import { newId } from '@sluice/contracts';
import { askedAgain, DeadLetters, type DeadLetterRow, type DeliveryRow } from '@sluice/persistence';
import { Relay } from './relay.ts';

@Injectable()
export class Replays {
  private readonly deadLetters: DeadLetters;
  private readonly relay: Relay;

  constructor(@Inject(DeadLetters) deadLetters: DeadLetters, @Inject(Relay) relay: Relay) {
    this.deadLetters = deadLetters;
    this.relay = relay;
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

  private async ask(caller: MachineCaller, letter: DeadLetterRow, trigger: 'manual' | 'replay') {
    const replay = { id: newId(), trigger, requested_by: caller.key, requested_at: Date.now() };
    const taken = await this.deadLetters.replay([askedAgain(letter.delivery, replay)]);
    if (taken.size === 0) throw new ApiError('retry_too_early');
    await this.relay.publish();
    return replay;
  }
}
