// What may be asked of a replay: a filter that names something, nothing misspelt in it, a rate within bounds.
import { describe, expect, it } from '@jest/globals';
import { replayRunInput } from './dead-letters.ts';

const id = '6ba7b810-9dad-41d1-80b4-00c04fd430c8';
const from = '2026-01-01T00:00:00Z';
const to = '2026-01-02T00:00:00+02:00';

/** The fields that do not fit. */
const wrong = (value: unknown): string[] =>
  replayRunInput.safeParse(value).error?.issues.map(({ path }) => path.join('.')) ?? [];

describe('a replay', () => {
  it('is of all that the filter names, at 100 a second where nothing is said', () => {
    expect(replayRunInput.parse({ filter: { connection: id } })).toEqual({
      filter: { connection: id },
      dry_run: false,
      rate: 100,
    });
  });

  it.each([
    [{ filter: { workspace: id, connection: id, event: 'lead.created', reason: 'rejected', from, to } }, []],
    [{ filter: { from }, rate: 1, dry_run: true }, []],
    [{ filter: { to }, rate: 1_000 }, []],
    [{}, ['filter']],
    [{ filter: {} }, ['filter']],
    [{ filter: { workspace: undefined } }, ['filter']],
    [{ filter: { to, conection: id } }, ['filter']],
    [{ filter: { workspace: 'x', connection: 'y' } }, ['filter.workspace', 'filter.connection']],
    [{ filter: { event: '', reason: '' } }, ['filter.event', 'filter.reason']],
    [{ filter: { from: 'yesterday' } }, ['filter.from']],
    [{ filter: { from: to, to: from } }, ['filter.to']],
    [{ filter: { from, to: from } }, ['filter.to']],
    [{ filter: { to }, rate: 0 }, ['rate']],
    [{ filter: { to }, rate: 1_001 }, ['rate']],
    [{ filter: { to }, rate: 1.5, dry_run: 'yes' }, ['dry_run', 'rate']],
    [{ filter: { to }, rates: 5 }, ['']],
  ])('%j is refused at %j', (input, params) => {
    expect(wrong(input)).toEqual(params);
  });
});
