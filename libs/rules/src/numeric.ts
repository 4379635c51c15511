// Comparisons of numbers: one bound, or a lower and an upper one, read into a range.
import type { NumericRange } from './pattern.ts';

const signs = ['<', '<=', '=', '>', '>='];
const shape = 'must be a sign and a number, as in [">", 5], or a lower and an upper bound, as in [">=", 0, "<", 10]';

/** The range of a list like `[">=", 0, "<", 10]`, or why it is none. */
export function numericRange(written: unknown): NumericRange | { reason: string } {
  if (!Array.isArray(written) || (written.length !== 2 && written.length !== 4)) return { reason: shape };
  const range: NumericRange = { op: 'numeric', low: -Infinity, lowOpen: false, high: Infinity, highOpen: false };
  let [lows, highs] = [0, 0];
  for (let at = 0; at < written.length; at += 2) {
    const [sign, bound] = [written[at] as unknown, written[at + 1] as unknown];
    if (typeof sign !== 'string' || !signs.includes(sign))
      return { reason: `${shape}; the signs are ${signs.join(' ')}` };
    if (typeof bound !== 'number' || !Number.isFinite(bound)) return { reason: `must have a number after "${sign}"` };
    if (sign !== '<' && sign !== '<=') {
      lows++;
      range.low = bound;
      range.lowOpen = sign === '>';
    }
    if (sign !== '>' && sign !== '>=') {
      highs++;
      range.high = bound;
      range.highOpen = sign === '<';
    }
  }
  if (lows > 1 || highs > 1) return { reason: 'must have one lower and one upper bound when it has two' };
  if (range.low > range.high || (range.low === range.high && (range.lowOpen || range.highOpen))) {
    return { reason: 'takes no number at all: its lower bound is not below its upper one' };
  }
  return range;
}

export const isWithin = ({ low, lowOpen, high, highOpen }: NumericRange, value: number): boolean =>
  (lowOpen ? value > low : value >= low) && (highOpen ? value < high : value <= high);
