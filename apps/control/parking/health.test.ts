// How a connection is, from what its connector remembers; and that what is read of it has its published shape.
import { describe, expect, it } from '@jest/globals';
import { healthAnswer as healthShape, parkedSummary as parkedShape } from '@sluice/api';
import type { BreakerRecord } from '@sluice/contracts';
import type { View } from '@sluice/kafka';
import { Breakers } from './breakers.ts';
import { Health, healthAnswer } from './health.ts';
import { parkedSummary } from './parked.controller.ts';

const nowMs = Date.UTC(2026, 0, 1);
const record = (over: Partial<BreakerRecord> = {}): BreakerRecord => ({
  connection_id: 'c',
  workspace_id: 'w',
  connector: 'webhook',
  state: 'open',
  reason: 'failures',
  open_until: nowMs + 60_000,
  memory: '{}',
  diverted_to: null,
  at: nowMs,
  ...over,
});

describe('the health of a connection', () => {
  it.each([
    ['of which nothing is remembered', undefined, { state: 'closed', reason: null, open_until: null }],
    ['that is left alone', record(), { state: 'open', reason: 'failures', open_until: '2026-01-01T00:01:00.000Z' }],
    ['whose time is over', record({ open_until: nowMs }), { state: 'half_open' }],
    ['that is being tried', record({ state: 'half_open', open_until: null }), { state: 'half_open', open_until: null }],
  ])('%s', (_what, breaker, expected) => {
    const answer = healthAnswer(breaker, 7, nowMs);
    expect(answer).toMatchObject({ ...expected, parked: 7 });
    expect(healthShape.strict().parse(answer)).toEqual(answer);
  });

  it('is told of many with one count', async () => {
    const counts: unknown[] = [];
    const parking = {
      counts: (ids: readonly string[]) => {
        counts.push(ids);
        return Promise.resolve(new Map([['a', 3]]));
      },
    };
    const of = await new Health({ of: () => undefined }, parking).of(['a', 'b']);
    expect([of('a').parked, of('b').parked]).toEqual([3, 0]);
    expect(counts).toEqual([['a', 'b']]);
  });
});

describe('what is parked', () => {
  it('is listed in the shape that is published', () => {
    const ids = {
      delivery_id: 'bbe790a7-4eb5-5735-8620-969f93857fa6',
      connection_id: '22222222-2222-4222-8222-222222222222',
      workspace_id: '11111111-1111-4111-8111-111111111111',
      event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
      rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    };
    const row = { id: '0000000000000042-d', ...ids, event: 'lead.created', attempt: 1, reason: 'breaker_open' };
    const times = { not_before_at: null, parked_at: new Date(nowMs), parked_at_text: '' };
    const answer = parkedSummary({ ...row, ...times });
    expect(parkedShape.strict().parse(answer)).toEqual(answer);
    expect(parkedSummary({ ...row, ...times, not_before_at: new Date(nowMs) }).not_before).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });
});

describe('the breakers', () => {
  it('are those that are not closed, and when one closed is known if it was seen', async () => {
    let apply: View['apply'] = () => undefined;
    const breakers = new Breakers({
      follow: ([view]) => {
        apply = view?.apply ?? apply;
        apply('a', record());
        apply('a', null);
        apply('b', record());
        apply('c', record({ state: 'closed', open_until: null }));
        return Promise.resolve({} as never);
      },
    });
    await breakers.onModuleInit();
    expect([breakers.failing, breakers.wellAtMs.size]).toEqual([['b'], 0]);
    apply('b', record({ state: 'half_open' }));
    expect(breakers.of('b')?.state).toBe('half_open');
    apply('b', record({ state: 'closed', open_until: null }));
    apply('d', null);
    expect([breakers.failing, [...breakers.wellAtMs.keys()]]).toEqual([[], ['b']]);
  });
});
