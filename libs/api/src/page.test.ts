// Cursors come back as they were given out, and nothing else is taken for one; pages know whether another follows.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from './errors.ts';
import { decodeCursor, encodeCursor, listAnswer, type Cursor } from './page.ts';

/** Times as Postgres writes them for the cursor: UTC, to the microsecond. */
const time = fc
  .tuple(fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), fc.nat(999))
  .map(([date, micros]) => date.toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`));
const cursor: fc.Arbitrary<Cursor> = fc.record({ at: time, id: fc.uuid() });

const encoded = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
const id = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const at = '2026-01-01T00:00:00.123456Z';

function refusalOf(text: string): unknown {
  try {
    return { taken: decodeCursor(text) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, data: error.data };
  }
}
const refused = { status: 400, data: [{ param: 'cursor', msg: 'must be a next_cursor of this list' }] };

describe('a cursor', () => {
  it('comes back as it was given out, to the microsecond, in characters that need no escaping in a URL', () => {
    fc.assert(
      fc.property(cursor, (given) => {
        expect(encodeCursor(given)).toMatch(/^[A-Za-z0-9_-]{1,200}$/);
        expect(decodeCursor(encodeCursor(given))).toEqual(given);
      }),
    );
  });

  it.each([
    ['an empty text', ''],
    ['no base64url', 'a+b/c='],
    ['characters outside base64url around a good one', ` ${encodeCursor({ at, id })}`],
    ['one part', encoded(at)],
    ['three parts', encoded(`${at} ${id} more`)],
    ['no time', encoded(`yesterday ${id}`)],
    ['more than 200 characters', encodeCursor({ at, id: 'a'.repeat(200) })],
    ['random bytes', 'AAECAwQFBgc'],
  ])('is refused with the field named: %s', (_what, text) => {
    expect(refusalOf(text)).toEqual(refused);
  });

  it.each([
    ['an id that is no UUID', `${at} 1`],
    ['SQL for an id', `${at} ';select`],
    ['a NUL in the id', `${at} ${id.slice(0, -1)}\0`],
    ['a year alone for a time', `2026 ${id}`],
    ['a number for a time', `1 ${id}`],
    ['a time beyond what the database can hold', `+275760-09-13T00:00:00.000Z ${id}`],
  ])('that no list ever gave out is refused before the database is asked: %s', (_what, text) => {
    expect(refusalOf(encoded(text))).toEqual(refused);
  });

  it('never makes the reading throw anything but a refusal', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => void refusalOf(text)));
  });
});

describe('a page', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ at, id: String(index) }));

  it('has a next one exactly when one row more was found than fits, and begins after its own last record', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (limit, found) => {
        const all = rows(Math.min(found, limit + 1));
        const { count, records, next_cursor, ...rest } = listAnswer(all, limit, (row) => row);
        expect(rest).toEqual({ limit });
        expect([count, records]).toEqual([records.length, all.slice(0, limit)]);
        const last = all[limit - 1];
        expect(next_cursor).toBe(all.length > limit && last ? encodeCursor(last) : null);
      }),
    );
  });

  it('walks a whole list, every record once and in order', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.integer({ min: 1, max: 10 }), (total, limit) => {
        const all = rows(total);
        const walked: string[] = [];
        for (let from = 0, more = true; more;) {
          const { records, next_cursor } = listAnswer(all.slice(from, from + limit + 1), limit, (row) => row);
          walked.push(...records.map((row) => row.id));
          more = next_cursor !== null;
          if (next_cursor) from = Number(Buffer.from(next_cursor, 'base64url').toString().split(' ')[1]) + 1;
        }
        expect(walked).toEqual(all.map((row) => row.id));
      }),
    );
  });
});
