// A dead letter as the API tells it: its summary, without the delivery it holds.
import { describe, expect, it } from '@jest/globals';
import { deadLetterSummary as deadLetterShape } from '@sluice/api';
import type { Delivery } from '@sluice/contracts';
import type { DeadLetterRow } from '@sluice/persistence';
import { deadLetterSummary } from './history-answers.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

describe('a dead letter', () => {
  const row: DeadLetterRow = {
    id: 'bbe790a7-4eb5-5735-8620-969f93857fa6',
    event_id: '6ba7b810-9dad-41d1-80b4-00c04fd430c8',
    rule_id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
    workspace: '11111111-1111-4111-8111-111111111111',
    connection_id: '22222222-2222-4222-8222-222222222222',
    connector: 'webhook',
    event: 'lead.created',
    reason: 'attempts_exhausted',
    outcome_code: 'timeout',
    http_status: null,
    message: 'no complete answer',
    attempt_count: 3,
    dead_at: at(7),
    replayed_at: null,
    delivery: { payload: 'canary' } as Delivery,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    dead_at_text: '2026-01-01T00:00:07.000000Z',
  };

  it('is listed in the shape that is published, without the delivery it holds', () => {
    const answer = deadLetterSummary(row);
    expect(deadLetterShape.strict().parse(answer)).toEqual(answer);
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(deadLetterSummary({ ...row, replayed_at: at(8) }).replayed_at).toBe('2026-01-01T00:00:08.000Z');
  });
});
