// How long a dead process rests before it is started again.

const firstMs = 300;
const longestMs = 5000;
/** A process that lived this long was well: its next end counts as a first one. */
export const wellAfterMs = 30_000;

export function restartDelayMs(endsInARow: number): number {
  return Math.min(firstMs * 2 ** Math.max(0, endsInARow - 1), longestMs);
}

export function endsInARow(before: number, livedMs: number): number {
  return livedMs >= wellAfterMs ? 1 : before + 1;
}
