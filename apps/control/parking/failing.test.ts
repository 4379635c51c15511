// When somebody is warned of a destination that only fails, and when its connection is switched off.
import { describe, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { dueOf, Failing } from './failing.ts';

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 0, 10);
const ago = (hours: number): Date => new Date(nowMs - hours * hourMs);

describe('a destination that only fails', () => {
  it.each([
    [23, null, 'nothing'],
    [24, null, 'warning'],
    [40, 12, 'nothing'],
    [48, 24, 'warning'],
    [119, 23, 'nothing'],
    [120, 1, 'switching off'],
    [200, null, 'switching off'],
  ] as const)('for %i h, warned of %s h ago, is due for %s', (since, warned, expected) => {
    expect(dueOf({ since: ago(since), warned_at: warned === null ? null : ago(warned) }, nowMs)).toBe(expected);
  });

  it('is looked at once a minute: warned of in the log, noted, and switched off', async () => {
    const rows = [
      { connection_id: 'old', workspace_id: 'w', since: new Date(Date.now() - 121 * hourMs), warned_at: null },
      { connection_id: 'young', workspace_id: 'w', since: new Date(Date.now() - 25 * hourMs), warned_at: null },
    ];
    const queries: [string, unknown][] = [];
    const runner = {
      query: (text: string, values: unknown) => {
        queries.push([text.trim().split(/\s+/)[0] ?? '', values]);
        return Promise.resolve(text.includes('select f.') ? rows : []);
      },
    } as unknown as QueryRunner;
    const [warned, switchedOff]: [unknown[], unknown[]] = [[], []];
    const failing = new Failing(
      { failing: ['old', 'young'], wellAtMs: new Map([['other', 1]]) },
      { inactivate: (...call) => Promise.resolve(void switchedOff.push(call)) },
      { warn: (fields: object) => void warned.push(fields) },
    );
    await failing.look(runner);
    await failing.look(runner);
    expect(warned).toEqual([
      { event: 'connection.failing', connection: 'young', workspace: 'w', since: rows[1]?.since },
    ]);
    expect(switchedOff).toEqual([['old', { reason: 'failing' }]]);
    expect(queries).toEqual([
      ['delete', [['old', 'young'], ['other'], [1]]],
      ['insert', [['old', 'young']]],
      ['select', undefined],
      ['update', [['young']]],
    ]);
  });
});
