// A replay of many as the API tells it. Pure.
import type { ReplayRunAnswer } from '@sluice/api';
import type { ReplayEntity, ReplayOutcomes } from '@sluice/persistence';

const nothingYet: ReplayOutcomes = { delivered: 0, failed: 0 };

export const replayRunAnswer = (replay: ReplayEntity, outcomes = nothingYet): ReplayRunAnswer => ({
  id: replay.id,
  status: replay.status,
  filter: replay.filter,
  rate: replay.rate,
  total: replay.total,
  done: replay.done,
  ...outcomes,
  requested_by: replay.requested_by,
  created_at: replay.created_at.toISOString(),
  ended_at: replay.ended_at?.toISOString() ?? null,
});
