// Checks one expression in a process made for it: for whoever has no runner at hand and checks seldom.
import type { Problem } from '@sluice/contracts';
import { ExpressionRunner } from './expression-runner.ts';

/** One check at a time: a process each, and nobody starts many of them by asking often. */
let last: Promise<unknown> = Promise.resolve();

/** What is wrong with the expression, each with its place; nothing, if the list is empty. With a runner, its own `check` costs far less. */
export function checkExpression(text: string): Promise<Problem[]> {
  const checked = last.then(() => checkInProcess(text));
  last = checked.catch(() => undefined);
  return checked;
}

async function checkInProcess(text: string): Promise<Problem[]> {
  const runner = new ExpressionRunner({ processes: 1, warn: () => undefined });
  try {
    return await runner.check(text);
  } finally {
    await runner.close();
  }
}
