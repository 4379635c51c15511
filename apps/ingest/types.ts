// Registered event types in memory: refuses a payload that does not fit where its type enforces, notes it where the type warns.
import { ApiError } from '@sluice/api';
import { topics, type EventType } from '@sluice/contracts';
import { EventTypeBook } from '@sluice/event-types';
import type { View } from '@sluice/kafka';
import type { Caller, SoundDraft } from './accept.ts';

export class Types {
  private readonly book = new EventTypeBook();

  /** The topic this is fed by. */
  feed(): View {
    return {
      topic: topics.eventTypes,
      apply: (id, value) => (value ? this.book.put(value as EventType) : this.book.remove(id)),
    };
  }

  /** The draft, with a note where its type only warns. Throws ApiError (422) naming the fields where it enforces. */
  checked(draft: SoundDraft, caller: Caller): SoundDraft {
    const { mode, problems } = this.book.check(
      { workspace: draft.workspace, organization: caller.organizationId, name: draft.event },
      draft.payload,
    );
    const [first] = problems;
    if (!first) return draft;
    if (mode === 'enforce') throw new ApiError('event_type_mismatch', { data: problems });
    return mode === 'warn' ? { ...draft, schemaProblem: `${first.param} ${first.msg}` } : draft;
  }
}
