// Appends an accepted event and only then lets it be answered; says so in one log line.
import type { TraceContext } from '@sluice/telemetry';
import { acceptedHeader, eventKey, newId, topics, type Event } from '@sluice/contracts';
import type { EventLog } from '@sluice/kafka';
import { traceIdOf, type Log } from '@sluice/telemetry';
import { toEvent, type Caller, type SoundDraft } from './accept.ts';
import type { Claims, Stamp } from './claims.ts';

export interface AcceptRequest {
  trace: TraceContext;
  idempotencyKey: string | undefined;
}

export class Acceptor {
  private readonly eventLog: EventLog;
  private readonly claims: Claims;
  private readonly log: Log;

  constructor(eventLog: EventLog, claims: Claims, log: Log) {
    this.eventLog = eventLog;
    this.claims = claims;
    this.log = log;
  }

  /** Whether this is asked again: what was accepted once is not refused because its type was tightened since. */
  isRepeat({ workspace }: SoundDraft, idempotencyKey: string | undefined): boolean {
    return idempotencyKey !== undefined && this.claims.isHeld({ workspace, idempotencyKey, nowMs: Date.now() });
  }

  /** The event, once it stands in the log on all in-sync replicas. Throws UnavailableError when that cannot be promised. */
  async accept(draft: SoundDraft, caller: Caller, request: AcceptRequest): Promise<Event> {
    const nowMs = Date.now();
    if (request.idempotencyKey === undefined) {
      return this.append(draft, caller, { trace: request.trace, stamp: { id: newId(), createdAtMs: nowMs } });
    }
    const claim = { workspace: draft.workspace, idempotencyKey: request.idempotencyKey, body: bodyOf(draft), nowMs };
    const stamp = await this.claims.once(claim, async (first) => {
      await this.append(draft, caller, { trace: request.trace, stamp: first });
    });
    return toEvent(draft, caller, stamp);
  }

  private async append(
    draft: SoundDraft,
    caller: Caller,
    { trace, stamp }: { trace: TraceContext; stamp: Stamp },
  ): Promise<Event> {
    const event = toEvent(draft, caller, stamp);
    const startedAt = performance.now();
    await this.eventLog.append(topics.events, { key: eventKey(event), value: event, headers, trace });
    this.log.info({
      event: 'event.accepted',
      event_id: event.id,
      workspace: event.workspace,
      event_type: event.event,
      payload_chars: event.payload.length,
      append_ms: Math.round((performance.now() - startedAt) * 10) / 10,
      trace_id: traceIdOf(trace),
    });
    return event;
  }
}

const headers = { [acceptedHeader]: 'ingest' };

/** The same request, byte for byte where it matters, has the same text. */
const bodyOf = (draft: SoundDraft): string =>
  JSON.stringify([draft.event, draft.resource, draft.resource_id, draft.payloadText]);
