// The queries of lists: bounded pages, filters of the right form.
import { describe, expect, it } from '@jest/globals';
import { ApiError, encodeCursor } from '@sluice/api';
import { pageOf, wholeNumber } from './paging.ts';
import { deadLetterQuery, eventQuery, ruleQuery } from './queries.ts';

const id = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const at = '2026-01-01T00:00:00.123456Z';

/** The parameters that do not fit. */
const wrong = (shape: typeof eventQuery | typeof ruleQuery | typeof deadLetterQuery, query: object): string[] =>
  shape.safeParse(query).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('a page', () => {
  it('has 50 records from the newest on when nothing is said', () => {
    expect(pageOf(eventQuery.parse({}))).toEqual({ limit: 50, after: undefined });
  });

  it('begins where the cursor says', () => {
    const query = eventQuery.parse({ limit: '7', cursor: encodeCursor({ at, id }) });
    expect(pageOf(query)).toEqual({ limit: 7, after: { at, id } });
  });

  it.each(['1', '200'])('may have %s records', (limit) => {
    expect(eventQuery.parse({ limit }).limit).toBe(Number(limit));
  });

  it.each(['0', '201', '-1', '1.5', 'all', '1e9', ['1', '2']])('may not have %j records', (limit) => {
    expect(wrong(eventQuery, { limit })).toEqual(['limit']);
  });

  it('is refused for a cursor that is none', () => {
    expect(() => pageOf(eventQuery.parse({ cursor: 'nonsense' }))).toThrow(ApiError);
    expect(wrong(eventQuery, { cursor: 'x'.repeat(201) })).toEqual(['cursor']);
  });
});

describe('a filter', () => {
  it.each([
    [{ status: 'done' }, ['status']],
    [{ state: 'sleeping' }, ['state']],
    [{ connection: 'x' }, ['connection']],
    [{ rule: "1' or true" }, ['rule']],
    [{ http_status: '99' }, ['http_status']],
    [{ http_status: 'ok' }, ['http_status']],
    [{ from: 'yesterday', to: '2026-01-01' }, ['from', 'to']],
    [{ q: '' }, ['q']],
    [{ event: 'x'.repeat(201) }, ['event']],
    [{ event: ['a', 'b'] }, ['event']],
    [
      {
        status: 'failed',
        state: 'dead',
        connection: id,
        http_status: '503',
        from: at,
        to: '2026-01-01T00:00:00+02:00',
        q: 'a@b.c',
      },
      [],
    ],
  ])('of events must have its form: %j', (query, params) => {
    expect(wrong(eventQuery, query)).toEqual(params);
  });

  it('of rules must have its form', () => {
    expect(wrong(ruleQuery, { event: '', resource: 'x'.repeat(201), limit: '0' })).toEqual([
      'limit',
      'event',
      'resource',
    ]);
    expect(wrong(ruleQuery, { event: 'lead.created', resource_id: '7' })).toEqual([]);
  });

  it('of dead letters must have its form', () => {
    expect(wrong(deadLetterQuery, { workspace: 'x', connection: 'y', from: 'z' })).toEqual([
      'workspace',
      'connection',
      'from',
    ]);
    expect(wrong(deadLetterQuery, { workspace: id, reason: 'rejected', event: 'lead.created' })).toEqual([]);
  });
});

describe('the number of an attempt', () => {
  it.each(['1', '42', '999999'])('is a whole number from 1: %s', (text) => {
    expect(wholeNumber('attempt', text)).toBe(Number(text));
  });

  it.each(['0', '01', '-1', '1.0', '1e3', '', ' 1', 'one', '1000000'])('is not %j', (text) => {
    expect(() => wholeNumber('attempt', text)).toThrow(ApiError);
  });
});
