// What a valid event is, whichever door it comes through: ingest asks before it appends, the router asks of records others appended.
import { isUuid } from './ids.ts';
import type { Event } from './generated.ts';
import { readJsonStructure } from './json-structure.ts';

/** Limits on an event. Bytes are of UTF-8. */
export const eventLimits = { bodyBytes: 256 * 1024, eventType: 200, resource: 64, bulk: 100 } as const;

/** What is wrong and where; `param` names the field as the API does. */
export interface Problem {
  param: string;
  msg: string;
}

/** Payload members with a meaning of their own: when present they are strings. */
const knownStrings = ['id', 'ip_address', 'name', 'first_name', 'last_name', 'phone', 'resource_url'] as const;

// One @, something on both sides, a dot in the domain, no white space or control characters: enough to refuse what no mail server takes.
const EMAIL = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}@[^\s@.\p{Cc}]+(\.[^\s@.\p{Cc}]+)+$/u;
const RESOURCE = /^[A-Za-z0-9._:-]{1,64}$/;
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Problems of a payload that is already parsed; none when the list is empty. */
export function payloadProblems(payload: unknown): Problem[] {
  if (!isObject(payload)) return [{ param: 'payload', msg: 'must be an object' }];
  const values = Object.values(payload);
  if (!values.some((value) => value !== null && value !== '')) {
    return [{ param: 'payload', msg: 'must have at least one value that is not empty' }];
  }
  const problems: Problem[] = [];
  if (payload.email !== undefined && !isEmail(payload.email)) {
    problems.push({ param: 'payload.email', msg: 'must be an email address' });
  }
  for (const key of knownStrings) {
    const value = payload[key];
    if (value !== undefined && typeof value !== 'string') {
      problems.push({ param: `payload.${key}`, msg: 'must be a string' });
    }
  }
  return problems;
}

/** Problems of an event's names; none when the list is empty. */
export function eventNameProblems(event: { event: unknown; resource?: unknown; resource_id?: unknown }): Problem[] {
  const problems: Problem[] = [];
  const type = event.event;
  if (typeof type !== 'string' || type.trim() === '') {
    problems.push({ param: 'event', msg: 'must be a non-empty string' });
  } else if (type.length > eventLimits.eventType || CONTROL.test(type)) {
    problems.push({
      param: 'event',
      msg: `must have ${eventLimits.eventType} characters at most and no control characters`,
    });
  }
  for (const param of ['resource', 'resource_id'] as const) {
    const value = event[param];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || !RESOURCE.test(value)) {
      problems.push({ param, msg: 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : -' });
    }
  }
  return problems;
}

/**
 * The first problem of an event record that somebody else appended, or null. Checks what ingest would have checked;
 * the payload is parsed once and handed back for the rules.
 */
export function readEvent(event: Event): { problem: Problem } | { payload: Record<string, unknown> } {
  if (!isUuid(event.id)) return { problem: { param: 'id', msg: 'must be a UUID' } };
  if (!isUuid(event.workspace)) return { problem: { param: 'workspace', msg: 'must be a UUID' } };
  const [nameProblem] = eventNameProblems(event);
  if (nameProblem) return { problem: nameProblem };
  if (event.payload.length > eventLimits.bodyBytes) {
    return { problem: { param: 'payload', msg: `may have ${eventLimits.bodyBytes} characters at most` } };
  }
  const structure = readJsonStructure(event.payload, '');
  if (!structure.ok) return { problem: { param: 'payload', msg: structure.message } };
  const payload = parseJson(event.payload);
  const [payloadProblem] = payloadProblems(payload);
  if (payloadProblem) return { problem: payloadProblem };
  return { payload: payload as Record<string, unknown> };
}

/** Whether a value is an email address. */
export const isEmail = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= 254 && EMAIL.test(value);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
