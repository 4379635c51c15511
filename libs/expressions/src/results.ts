// What comes of an evaluation, as the caller sees it.
import { readJsonStructure } from '@sluice/contracts';
import type { End } from './evaluator.ts';
import type { Answer } from './messages.ts';
import { expressionLimits } from './limits.ts';

export type ExpressionResult = { ok: true; value: unknown } | ExpressionFailure;

export interface ExpressionFailure {
  ok: false;
  /**
   * failed: the expression, on this event, gives no result. killed: its process had to be ended. quarantined: that happened too
   * often. too_large: what goes in or comes out. overloaded: it was not evaluated, for no fault of its own; try again.
   */
  code:
    | 'expression_failed'
    | 'expression_killed'
    | 'expression_quarantined'
    | 'expression_overloaded'
    | 'expression_too_large';
  message: string;
}

export const failure = (code: ExpressionFailure['code'], message: string): ExpressionFailure => ({
  ok: false,
  code,
  message,
});

/** The result of an answer. Its text comes from a process that runs what strangers wrote, so it is looked at before it is parsed. */
export function resultOf({ text, failed, tooLarge }: Answer): ExpressionResult {
  if (failed !== undefined) return failure(tooLarge === true ? 'expression_too_large' : 'expression_failed', failed);
  if (text === undefined) return { ok: true, value: undefined };
  if (Buffer.byteLength(text) > expressionLimits.outputBytes) {
    return failure('expression_too_large', `the result has more than ${expressionLimits.outputBytes} bytes`);
  }
  const structure = readJsonStructure(text, '');
  if (!structure.ok) return failure('expression_failed', `the result is refused: ${structure.message}`);
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return failure('expression_failed', 'the result is not JSON');
  }
}

const causes: Record<End, string> = {
  cpu: 'it took too much CPU time',
  memory: 'it took too much memory',
  crash: 'it ended its process, most likely by taking too much memory',
  silent: 'its process did not answer',
  outside: 'its process was ended each time it was tried',
  start: 'its process did not start',
};

export const killed = (end: End): ExpressionFailure =>
  failure('expression_killed', `the evaluation was ended: ${causes[end]}`);

export const quarantined = (until: number): ExpressionFailure =>
  failure(
    'expression_quarantined',
    `this mapping's evaluations had to be ended too often; it is tried again at ${new Date(until).toISOString()}`,
  );

export const overloaded = (why: string): ExpressionFailure =>
  failure('expression_overloaded', `the expression was not evaluated: ${why}`);
