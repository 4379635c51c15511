// A log line: its shape, that nothing secret stands in it, and that nothing that is logged can break the logging.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lineOf } from './log.ts';

const head = { service: 'ingest', level: 'warn', time: ',"time":"2026-01-01T00:00:00.000Z"' };
const read = (fields: Record<string, unknown>, message?: string) =>
  JSON.parse(lineOf(head, fields, message)) as Record<string, unknown>;

describe('a log line', () => {
  it('says level, time and service first, then what happened, and ends the line', () => {
    expect(lineOf(head, { event: 'event.accepted', skipped: undefined }, 'well')).toBe(
      '{"level":"warn","time":"2026-01-01T00:00:00.000Z","service":"ingest","event":"event.accepted","msg":"well"}\n',
    );
    expect(read({})).toEqual({ level: 'warn', time: '2026-01-01T00:00:00.000Z', service: 'ingest' });
  });

  it.each([
    { token: 'canary' },
    { of: { payload: 'canary' } },
    { list: [{ credentials: { deep: 'canary' } }] },
    { a: { b: { c: { d: { password: 'canary' } } } } },
  ])('keeps to itself what %j holds', (fields) => {
    expect(lineOf(head, fields, undefined)).not.toContain('canary');
  });

  it('leaves what it is given as it is', () => {
    const fields = { secret: 'canary', of: { token: 'canary' } };
    read(fields);
    expect(fields).toEqual({ secret: 'canary', of: { token: 'canary' } });
  });

  it('is written of what has no JSON: circles, errors, big numbers', () => {
    const circle: Record<string, unknown> = { n: 1n };
    circle['self'] = circle;
    const error = Object.assign(new Error('broken'), { circle });
    expect(read({ circle, error })).toMatchObject({ circle: { n: '1' }, error: 'broken' });
  });

  it('is one line of JSON whatever is logged', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything({ withBigInt: true, withDate: true })), (fields) => {
        const line = lineOf(head, fields, undefined);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        JSON.parse(line);
      }),
    );
  });
});
