// Which event types a rule listens to: one by its name, or with `.*` at the end everything below that dot.
import type { Problem } from '@sluice/contracts';
import { limits } from './limits.ts';

const below = '.*';
const control = /[\u0000-\u001f\u007f]/;

/** Problems of a rule's event type; none when the list is empty. */
export function checkEventTypePattern(text: unknown): Problem[] {
  const problem = (msg: string): Problem[] => [{ param: 'event', msg }];
  if (typeof text !== 'string' || text.trim() === '') return problem('must be a non-empty string');
  if (text.length > limits.eventTypePattern || control.test(text)) {
    return problem(`must have ${limits.eventTypePattern} characters at most and no control characters`);
  }
  const rest = text.endsWith(below) ? text.slice(0, -below.length) : text;
  if (rest === '' || rest.includes('*')) {
    return problem('may have a * only at the end, after a name and a dot, as in lead.*');
  }
  return [];
}

/** What all event types that the pattern takes begin with, or undefined of a pattern that takes exactly one. */
export function prefixTaken(pattern: string): string | undefined {
  return pattern.endsWith(below) ? pattern.slice(0, -1) : undefined;
}
