// What the runner and its processes say to each other. The processes run what strangers wrote: the runner believes nothing unchecked.
import type { Problem } from '@sluice/contracts';

/** One batch at a time: the next is sent when the answers to the last are there. */
export interface BatchMessage {
  /** CPU time after which the rest is handed back, microseconds. */
  sliceMicros: number;
  /** Each expression once: its key and its text. */
  expressions: [key: string, text: string][];
  evaluations: EvaluationMessage[];
}

/** Which of the expressions, and the JSON text of its input; null asks only whether the expression is allowed. */
export type EvaluationMessage = [expression: number, input: string | null];

/** The first message of a process, and then one for each batch. */
export interface AnswersMessage {
  /** CPU time of the process since its start, microseconds. */
  cpuMicros: number;
  /** To the first evaluations of the batch, in order; those without an answer have not begun. */
  answers: Answer[];
}

export interface Answer {
  micros: number;
  /** The JSON text of the result; missing when the expression gives nothing. */
  text?: string;
  /** Why there is no result, and whether that is because it is too large. */
  failed?: string;
  tooLarge?: boolean;
  /** Where only a check was asked for. */
  problems?: Problem[];
}

/** A message of a process, or undefined when it is not what a process of ours would say. */
export function readAnswers(message: unknown): AnswersMessage | undefined {
  const { cpuMicros, answers } = (message ?? {}) as Partial<AnswersMessage>;
  if (!isAmount(cpuMicros) || !Array.isArray(answers) || !answers.every(isAnswer)) return undefined;
  return { cpuMicros, answers };
}

function isAnswer(answer: unknown): answer is Answer {
  if (typeof answer !== 'object' || answer === null) return false;
  const { micros, text, failed, problems } = answer as Answer;
  return (
    isAmount(micros) &&
    (text === undefined || typeof text === 'string') &&
    (failed === undefined || typeof failed === 'string') &&
    (problems === undefined || (Array.isArray(problems) && problems.every(isProblem)))
  );
}

function isProblem(problem: unknown): problem is Problem {
  const { param, msg } = (problem ?? {}) as Partial<Problem>;
  return typeof param === 'string' && typeof msg === 'string';
}

const isAmount = (value: unknown): value is number => typeof value === 'number' && value >= 0;
