// A replay of many as the API tells it: in the shape that is published, without what is only for its own working.
import { describe, expect, it } from '@jest/globals';
import { replayRunAnswer as replayShape } from '@sluice/api';
import type { ReplayEntity } from '@sluice/persistence';
import { replayRunAnswer } from './replays-answers.ts';

const replay: ReplayEntity = {
  id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  organization_id: '11111111-1111-4111-8111-111111111111',
  workspaces: ['22222222-2222-4222-8222-222222222222'],
  filter: { reason: 'attempts_exhausted' },
  rate: 100,
  requested_by: 'mk_test',
  status: 'running',
  total: 300,
  done: 120,
  next_at: new Date(2_000),
  created_at: new Date(1_000),
  ended_at: null,
};

describe('a replay of many', () => {
  it('is told in the shape that is published', () => {
    const running = replayRunAnswer(replay);
    expect(replayShape.strict().parse(running)).toEqual(running);
    expect(running).toMatchObject({ total: 300, done: 120, delivered: 0, failed: 0, ended_at: null });
    const completed = replayRunAnswer(
      { ...replay, status: 'completed', done: 300, ended_at: new Date(4_000) },
      { delivered: 290, failed: 10 },
    );
    expect(replayShape.strict().parse(completed)).toEqual(completed);
    expect(completed).toMatchObject({ delivered: 290, failed: 10, ended_at: '1970-01-01T00:00:04.000Z' });
  });
});
