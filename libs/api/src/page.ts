// Pages of lists: `?limit=1..200&cursor=`, newest first, the cursor opaque to callers.
import { isUuid } from '@sluice/contracts';
import { fieldError } from './errors.ts';

export const pageLimits = { min: 1, default: 50, max: 200 } as const;

/** Where a page ended: the sort time (milliseconds, fraction kept as text) and the id of its last record. */
export interface Cursor {
  at: string;
  id: string;
}

export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(`${cursor.at} ${cursor.id}`, 'utf8').toString('base64url');

/** Times as lists sort by them: UTC, to the microsecond. */
const SORT_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

/** Throws ApiError (400) when the text is not a cursor of ours: nothing else may reach the database. */
export function decodeCursor(text: string): Cursor {
  const [at = '', id = '', ...rest] = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  const isOurs = /^[A-Za-z0-9_-]{1,200}$/.test(text) && rest.length === 0 && isUuid(id) && SORT_TIME.test(at);
  if (!isOurs || Number.isNaN(Date.parse(at))) throw fieldError('cursor', 'must be a next_cursor of this list');
  return { at, id };
}

/**
 * The answer of a list: asked for one record more than fits, so that the presence of a next page is known.
 * @param rows at most limit + 1 records, in order
 */
export function listAnswer<T>(rows: T[], limit: number, cursorOf: (row: T) => Cursor) {
  const records = rows.slice(0, limit);
  const last = records.at(-1);
  const next_cursor = rows.length > limit && last ? encodeCursor(cursorOf(last)) : null;
  return { count: records.length, limit, next_cursor, records };
}
