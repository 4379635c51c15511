// Turns the text of an expression into something that can be evaluated, or into what is wrong with it. Runs in the processes only.
import jsonata, { type Expression, type JsonataError, type JsonataOptions } from 'jsonata';
import type { Problem } from '@sluice/contracts';
import { expressionLimits } from './limits.ts';
import { requireData } from './sealed.ts';
import { survey, type TreeNode } from './tree.ts';
import { refusedFunctions } from './vocabulary.ts';

export interface Compiled {
  /** Objects of its syntax tree: what it weighs. */
  parts: number;
  /** Evaluates with the payload as `$` and the event as `$event`. Rejects with whatever JSONata throws. */
  evaluate: (payload: unknown, event: unknown) => Promise<unknown>;
}

export type Compilation = { compiled: Compiled } | { problems: Problem[] };

/** Problems shown at once; who mends these sees the next. */
const shownProblems = 10;

export function compile(text: string): Compilation {
  const body = bodyOf(text);
  if ('problem' in body) return { problems: [problem(body.problem)] };
  const meter = new Meter();
  let expression: Expression;
  try {
    expression = jsonata(body.text, meter.options);
  } catch (error) {
    return { problems: [syntaxProblem(error as Partial<JsonataError>, body.offset)] };
  }
  const { findings, parts, transforms } = survey(expression.ast() as unknown as TreeNode);
  if (findings.length > 0) {
    const shown = findings.slice(0, shownProblems);
    return {
      problems: shown.map(({ position, msg }) =>
        problem(msg, position === undefined ? undefined : body.offset + position + 1),
      ),
    };
  }
  for (const name of refusedFunctions.keys()) expression.assign(name, undefined);
  if (transforms.length > 0) expression.registerFunction(requiresData, requireData);
  for (const transform of transforms) guard(transform);
  return {
    compiled: { parts, evaluate: (payload, event) => meter.run(() => expression.evaluate(payload, { event })) },
  };
}

/** What stands between the braces, and where it begins. */
function bodyOf(text: string): { text: string; offset: number } | { problem: string } {
  if (text.length > expressionLimits.length) {
    return { problem: `may have ${expressionLimits.length} characters at most` };
  }
  const trimmed = text.trim();
  if (!trimmed.startsWith('{%') || !trimmed.endsWith('%}') || trimmed.length < 4) {
    return { problem: 'must be written {% … %}' };
  }
  const inner = trimmed.slice(2, -2);
  if (inner.trim() === '') return { problem: 'has nothing between {% and %}' };
  return { text: inner, offset: text.indexOf('{%') + 2 };
}

/** `param` is the place in the expression, counted from 1, or empty for the whole. */
const problem = (msg: string, character?: number): Problem => ({
  param: character === undefined ? '' : `character ${character}`,
  msg,
});

function syntaxProblem({ message, position, code }: Partial<JsonataError>, offset: number): Problem {
  // Not one of JSONata's own: the text is nested deeper than its parser can follow.
  if (code === undefined) return problem('is nested too deep');
  const what = String(message).slice(0, expressionLimits.messageLength);
  return problem(what, position === undefined ? undefined : offset + position);
}

/** No user can write this name: a JSONata variable ends before an exclamation mark. */
const requiresData = '!data';

/** A transform `| pattern | … |` writes into what its pattern finds. Functions are found that way too, and all expressions share them. */
function guard(transform: TreeNode): void {
  const pattern = transform.pattern as TreeNode;
  transform.pattern = {
    type: 'function',
    value: '(',
    position: pattern.position,
    arguments: [pattern],
    procedure: { type: 'variable', value: requiresData, position: pattern.position },
  };
}

/**
 * Counts the steps of an evaluation. JSONata asks for its time limit at every step, and this is how it can be told to stop after a
 * number of them instead: a clock would blame whoever happens to run while the machine is busy.
 */
class Meter {
  readonly options: JsonataOptions;
  private steps = 0;

  constructor() {
    const step = () => this.step();
    this.options = Object.freeze({
      stack: expressionLimits.depth,
      sequence: expressionLimits.sequence,
      RegexEngine: NoRegex as unknown as RegExpConstructor,
      get timeout() {
        step();
        return 0;
      },
    });
  }

  /** A failed evaluation may have left branches that still run: they find no step left, and end before the next evaluation begins. */
  async run(evaluate: () => Promise<unknown>): Promise<unknown> {
    this.steps = expressionLimits.steps;
    try {
      return await evaluate();
    } finally {
      this.steps = 0;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private step(): void {
    if (--this.steps < 0) throw new StepsError(`takes more than ${expressionLimits.steps} steps`);
  }
}

class StepsError extends Error {
  readonly code = 'steps';
}

/** Regular expressions are refused in the tree; this is for a tree that came about some other way. */
const NoRegex = Object.freeze(
  class {
    constructor() {
      throw new Error('regular expressions are not allowed');
    }
  },
);
