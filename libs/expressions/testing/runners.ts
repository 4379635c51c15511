// Runners for tests: impatient ones, whose warnings are kept, and which are closed when the test is over.
import { afterEach } from '@jest/globals';
import { ExpressionRunner, type RunnerOptions } from '../src/expression-runner.ts';
import type { ExpressionResult } from '../src/results.ts';

/** Expressions that misbehave in ways that only the end of their process stops. */
export const hostile = {
  /** Compares each of 9,000 objects with each other, in one step. */
  cpu: '{% $count($distinct([1..9000].{"a": $})) %}',
  /** Doubles a text to 256 MB and makes a copy of it. */
  memory: `{% (
    $double := function($text, $times){ $times = 0 ? $text : $double($text & $text, $times - 1) };
    $length($uppercase($double("0123456789abcdef", 24)))
  ) %}`,
};

/** Works for some tens of milliseconds. */
export const slow = '{% $reduce([1..4000], function($sum, $n){ $sum + $n }) %}';

const open: ExpressionRunner[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((runner) => runner.close()));
});

export interface TestRunner {
  runner: ExpressionRunner;
  warnings: Record<string, unknown>[];
  /** Evaluates in a workspace that is its own, or the one given. */
  run: (
    expression: string,
    over?: { payload?: unknown; workspace?: string; key?: string },
  ) => Promise<ExpressionResult>;
}

export function testRunner({ limits, ...options }: Partial<RunnerOptions> = {}): TestRunner {
  const warnings: Record<string, unknown>[] = [];
  const runner = new ExpressionRunner({
    processes: 1,
    warn: (fields) => void warnings.push(fields),
    ...options,
    limits: { cpuMs: 300, closingMs: 0, ...limits },
  });
  open.push(runner);
  const run: TestRunner['run'] = (expression, { payload = {}, workspace = 'w', key = expression } = {}) =>
    runner.run({ key, workspace, expression, input: { payload, event: { id: 'e', type: 't', created_at: 0 } } });
  return { runner, warnings, run };
}

export const codeOf = (result: ExpressionResult): string => (result.ok ? 'ok' : result.code);

/** Waits until something has happened. A test that waits in vain fails by its own time limit. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
