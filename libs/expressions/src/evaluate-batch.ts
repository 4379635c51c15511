// Evaluates a batch, one evaluation at a time, until it is done or its slice of CPU time is used.
import type { Problem } from '@sluice/contracts';
import { write } from './answer.ts';
import { compile, type Compiled } from './compile.ts';
import { KeptExpressions } from './kept.ts';
import { expressionLimits } from './limits.ts';
import type { Answer, BatchMessage } from './messages.ts';

const kept = new KeptExpressions({
  expressions: expressionLimits.keptExpressions,
  parts: expressionLimits.keptParts,
});

/** Answers to the first evaluations of the batch, at least one; the others have not begun. */
export async function evaluateBatch(batch: BatchMessage, cpuMicros: () => number): Promise<Answer[]> {
  const answers: Answer[] = [];
  const begun = cpuMicros();
  let before = begun;
  for (const [index, input] of batch.evaluations) {
    if (answers.length > 0 && before - begun > batch.sliceMicros) break;
    const [key, text] = batch.expressions[index] ?? ['', ''];
    const answer = input === null ? check(text) : await evaluate(key, text, input);
    const after = cpuMicros();
    answers.push({ ...answer, micros: after - before });
    before = after;
  }
  return answers;
}

function check(text: string): Omit<Answer, 'micros'> {
  const compilation = compile(text);
  return { problems: 'problems' in compilation ? compilation.problems : [] };
}

async function evaluate(key: string, text: string, input: string): Promise<Omit<Answer, 'micros'>> {
  try {
    const compilation = kept.of(key, text);
    if ('problems' in compilation) return { failed: compilation.problems.map(textOf).join('; ') };
    return await resultOf(compilation.compiled, input);
  } catch (error) {
    return { failed: messageOf(error) };
  }
}

const textOf = ({ param, msg }: Problem): string => (param === '' ? `the expression ${msg}` : `${param}: ${msg}`);

async function resultOf(compiled: Compiled, input: string): Promise<Omit<Answer, 'micros'>> {
  const { payload, event } = readInput(input);
  return write(await compiled.evaluate(payload, event));
}

/** JSONata takes an object with such a member for a function. Its own constructor refuses to make one; an event could bring one. */
const reserved = '_jsonata_';

function readInput(input: string): { payload: unknown; event: unknown } {
  // The runner wrote the text, so nothing in it is escaped that need not be; most texts are done with one search.
  if (!input.includes(reserved)) return JSON.parse(input) as { payload: unknown; event: unknown };
  return JSON.parse(input, (key, value: unknown) => {
    if (key.startsWith(reserved)) throw new Error(`a key of the payload begins with ${reserved}`);
    return value;
  }) as { payload: unknown; event: unknown };
}

/** JSONata throws objects that are no errors; what they carry beside the message may be of any size. */
function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  if (typeof message !== 'string') return 'the evaluation failed';
  return message.slice(0, expressionLimits.messageLength);
}
