// Who is at fault when a process ended with evaluations in hand. Pure.
import type { End } from './evaluator.ts';

/** `guilty`: the only evaluation there was. `again`: each of them is evaluated once more, alone. */
export type Verdict = 'guilty' | 'again';

/** Deaths without a cause of its own that an evaluation may see while it is alone: a process may have been killed for any reason. */
const unexplained = 3;

/**
 * In a batch nobody knows which evaluation was under way, and asking a process to say so before each would cost more than all the
 * rest. So the whole batch is evaluated again one by one, and whoever ends a process alone has done it.
 */
export function verdict(inHand: readonly { deaths: number }[], end: End): Verdict {
  const [only, other] = inHand;
  if (!only || other) return 'again';
  const explained = end === 'cpu' || end === 'memory' || end === 'crash';
  return explained || only.deaths + 1 >= unexplained ? 'guilty' : 'again';
}
