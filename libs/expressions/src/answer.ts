// Turns what an expression gave into JSON text within bounds, without ever building more than the bounds allow.
import { expressionLimits } from './limits.ts';
import { isCallable } from './sealed.ts';

export type Written = { text?: string } | { failed: string; tooLarge: boolean };

/** The shortest member of a JSON text, with its comma: what a result of the largest size can have at most. */
const shortestMember = 2;
const maxMembers = expressionLimits.outputBytes / shortestMember;

/**
 * A small result may share its parts so often that its text is endless, or hold itself. So it is counted first: members, characters
 * and depth, each of which only makes the text longer than what was counted.
 */
export function write(value: unknown): Written {
  const problem = new Count().problem(value, []);
  if (problem) return problem;
  // A result that is nothing has no text.
  const text = JSON.stringify(value) as string | undefined;
  if (text !== undefined && Buffer.byteLength(text) > expressionLimits.outputBytes) return tooLarge;
  return { text };
}

const tooLarge = {
  failed: `the result has more than ${expressionLimits.outputBytes} bytes`,
  tooLarge: true,
};

class Count {
  private members = 0;
  private characters = 0;

  problem(value: unknown, path: string[]): { failed: string; tooLarge: boolean } | undefined {
    if (++this.members > maxMembers) return tooLarge;
    if (typeof value === 'string') return this.addCharacters(value.length);
    if (isCallable(value)) return failed('the result has a function', path);
    if (typeof value !== 'object' || value === null) return undefined;
    if (path.length >= expressionLimits.outputDepth) return failed('the result is nested too deep', path.slice(0, 3));
    // A length is one assignment; the members need not be there.
    if (Array.isArray(value) && value.length > maxMembers) return tooLarge;
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
      const name = String(key);
      const problem =
        (typeof key === 'string' ? this.addCharacters(name.length) : undefined) ??
        this.problem((value as Record<string, unknown>)[name], [...path, name]);
      if (problem) return problem;
    }
    return undefined;
  }

  private addCharacters(length: number): typeof tooLarge | undefined {
    this.characters += length;
    return this.characters > expressionLimits.outputBytes ? tooLarge : undefined;
  }
}

const failed = (what: string, path: string[]): { failed: string; tooLarge: boolean } => ({
  failed: path.length === 0 ? what : `${what} at ${path.join('.').slice(0, 100)}`,
  tooLarge: false,
});
