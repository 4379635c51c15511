// What it means to accept: a body becomes drafts, a draft that is sound becomes an event. Pure; ids and time come in as arguments.
import { ApiError, type AcceptedEvent, type FieldProblem } from '@sluice/api';
import {
  eventLimits,
  eventNameProblems,
  isUuid,
  payloadProblems,
  readJsonStructure,
  type Event,
} from '@sluice/contracts';

/** Who calls, as far as events are concerned. */
export interface Caller {
  organizationId: string;
  /** The workspace of a publishable key; null for a machine token, which names one in the body. */
  workspace: string | null;
  /** The key, noted as created_by. */
  by: string;
}

/** One event as it was sent: parsed, and its payload as text. */
export interface Draft {
  input: unknown;
  payloadText: string;
}

/** A draft that is sound, short of whether the workspace is the caller's. */
export interface SoundDraft {
  workspace: string;
  event: string;
  resource: string | null;
  resource_id: string | null;
  payload: Record<string, unknown>;
  payloadText: string;
  /** Why the payload does not fit its registered type, where that only warns. */
  schemaProblem: string | null;
}

/** The draft of a single event. Throws ApiError (400) when the body as a whole is unfit. */
export function readSingle(text: string | undefined): Draft {
  const { value, payloads } = readBody(text);
  if (Array.isArray(value)) throw wholeBody('must be one object; arrays go to /events/bulk');
  return { input: value, payloadText: payloads.get(0) ?? '' };
}

/** The drafts of a bulk. Throws ApiError (400) when the body as a whole is unfit. */
export function readBulk(text: string | undefined): Draft[] {
  const { value, payloads } = readBody(text);
  if (!Array.isArray(value) || value.length === 0 || value.length > eventLimits.bulk) {
    throw wholeBody(`must be an array of 1 to ${eventLimits.bulk} events`);
  }
  return value.map((input: unknown, index) => ({ input, payloadText: payloads.get(index) ?? '' }));
}

/** The sound draft, or what is wrong with it. */
export function checkDraft({ input, payloadText }: Draft, caller: Caller): SoundDraft | FieldProblem[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return [{ param: 'body', msg: 'must be an object' }];
  const members = input as Record<string, unknown>;
  const problems = [
    ...workspaceProblems(members.workspace, caller),
    ...eventNameProblems({ event: members.event, resource: members.resource, resource_id: members.resource_id }),
    ...typeProblems(members.type),
    ...payloadProblems(members.payload),
  ];
  if (problems.length > 0) return problems;
  return {
    workspace: caller.workspace ?? String(members.workspace).toLowerCase(),
    event: String(members.event),
    resource: textOrNull(members.resource),
    resource_id: textOrNull(members.resource_id),
    payload: members.payload as Record<string, unknown>,
    payloadText,
    schemaProblem: null,
  };
}

/** The event of a sound draft. */
export function toEvent(draft: SoundDraft, caller: Caller, stamp: { id: string; createdAtMs: number }): Event {
  return {
    id: stamp.id,
    workspace: draft.workspace,
    event: draft.event,
    payload: draft.payloadText,
    resource: draft.resource,
    resource_id: draft.resource_id,
    created_at: stamp.createdAtMs,
    created_by: caller.by,
    schema_problem: draft.schemaProblem,
  };
}

/** What the caller is told of an accepted event. The payload is not echoed. */
export function toAnswer(event: Event): AcceptedEvent {
  return {
    id: event.id,
    event: event.event,
    workspace: event.workspace,
    created_by: event.created_by ?? '',
    created_at: new Date(event.created_at).toISOString(),
    type: 'event',
    ...(event.resource === null ? {} : { resource: event.resource }),
    ...(event.resource_id === null ? {} : { resource_id: event.resource_id }),
  };
}

function readBody(text: string | undefined): { value: unknown; payloads: Map<number, string> } {
  if (text === undefined) throw wholeBody('must not be empty');
  const structure = readJsonStructure(text, 'payload');
  if (!structure.ok) throw new ApiError(structure.code, { data: [{ param: 'body', msg: structure.message }] });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError('body_not_json', { data: [{ param: 'body', msg: 'is not valid JSON' }] });
  }
  return {
    value,
    payloads: new Map(structure.members.map(({ element, start, end }) => [element, text.slice(start, end).trim()])),
  };
}

function workspaceProblems(workspace: unknown, caller: Caller): FieldProblem[] {
  const given = workspace !== undefined && workspace !== null;
  if (caller.workspace !== null) {
    return !given || workspace === caller.workspace
      ? []
      : [{ param: 'workspace', msg: 'is not the workspace of the publishable key' }];
  }
  if (!given) return [{ param: 'workspace', msg: 'is required with a machine token' }];
  return typeof workspace === 'string' && isUuid(workspace) ? [] : [{ param: 'workspace', msg: 'must be a UUID' }];
}

const typeProblems = (type: unknown): FieldProblem[] =>
  type === undefined || type === 'event' ? [] : [{ param: 'type', msg: 'must be "event" when given' }];

const wholeBody = (msg: string): ApiError => new ApiError('field_invalid', { data: [{ param: 'body', msg }] });
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
