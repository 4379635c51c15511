// What is written beside a committed offset: the records above it that are finished already, so that whoever takes over skips them. Pure.
import type { OffsetRange } from './offset-ledger.ts';

/** Brokers refuse more than 4,096 bytes (offset.metadata.max.bytes). What finds no room is done again after a crash, as without a note. */
const lengthMax = 4_000;
const version = 'f1:';
const numbers = 36;

/**
 * Pairs from the committed offset on, so many unfinished and so many finished after them.
 * @param finished in order, all above the offset
 */
export function writeNote(offset: number, finished: readonly OffsetRange[]): string {
  const pairs: string[] = [];
  let at = offset;
  let length = version.length;
  for (const { from, to } of finished) {
    const pair = `${(from - at).toString(numbers)}.${(to - from).toString(numbers)}`;
    length += pair.length + 1;
    if (length > lengthMax) break;
    pairs.push(pair);
    at = to;
  }
  return pairs.length > 0 ? version + pairs.join(',') : '';
}

/** Nothing for a note that was not written here: another client may have committed. */
export function readNote(offset: number, note: string | null | undefined): OffsetRange[] {
  if (!note?.startsWith(version)) return [];
  const finished: OffsetRange[] = [];
  let at = offset;
  for (const pair of note.slice(version.length).split(',')) {
    const match = /^([0-9a-z]{1,10})\.([0-9a-z]{1,10})$/.exec(pair);
    if (!match) return [];
    const from = at + parseInt(match[1] ?? '', numbers);
    at = from + parseInt(match[2] ?? '', numbers);
    finished.push({ from, to: at });
  }
  return finished;
}
