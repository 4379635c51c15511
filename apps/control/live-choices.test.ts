// What vendors offer, kept for an hour: asked again when it has to be, and old rather than none.
import { describe, expect, it } from '@jest/globals';
import type { ConnectionEntity, LiveChoiceEntity } from '@sluice/persistence';
import type { DataSource } from 'typeorm';
import type { ConnectorClient, QuestionAnswer } from './connector-client.ts';
import { choices, LiveChoices } from './live-choices.ts';

const connection = { id: 'c1', connector: 'slack', version: 4 } as ConnectionEntity;
const kept = [{ value: 'kept', label: 'Kept' }];
const fresh = [{ value: 'fresh', label: 'Fresh' }];
const problem = { param: 'connection', msg: 'the connector slack does not answer now' };
const hourMs = 3_600_000;

function choosing(row: { ageMs: number; version?: number } | undefined, said: QuestionAnswer) {
  const asked: unknown[] = [];
  const saved: LiveChoiceEntity[] = [];
  const found = row && {
    answer: kept,
    connection_version: row.version ?? connection.version,
    asked_at: new Date(Date.now() - row.ageMs),
  };
  const repository = {
    findOneBy: () => Promise.resolve(found ?? null),
    save: (entity: LiveChoiceEntity) => Promise.resolve(void saved.push(entity)),
  };
  const live = new LiveChoices(
    { getRepository: () => repository } as unknown as DataSource,
    { ask: (...question: unknown[]) => Promise.resolve((asked.push(question), said)) } as unknown as ConnectorClient,
  );
  const get = (refresh = false) =>
    live.get(connection, { shape: choices, question: { ask: 'choices', name: 'channels' }, refresh });
  return { get, asked, saved };
}

describe('live choices', () => {
  it('are asked for and kept', async () => {
    const { get, asked, saved } = choosing(undefined, { answer: fresh });
    expect(await get()).toEqual({ value: fresh, at: expect.any(Date) });
    expect(asked).toEqual([['slack', { connection: 'c1', ask: 'choices', name: 'channels' }]]);
    expect(saved).toEqual([
      {
        connection_id: 'c1',
        question: 'choices channels',
        connection_version: 4,
        answer: fresh,
        asked_at: expect.any(Date),
      },
    ]);
  });

  it.each([
    ['heard within the hour', { ageMs: hourMs - 10_000 }, false, kept],
    ['that somebody wants anew', { ageMs: 0 }, true, fresh],
    ['heard longer ago', { ageMs: hourMs + 1 }, false, fresh],
    ["of the connection's version before", { ageMs: 0, version: 3 }, false, fresh],
  ])('come from where they have to: %s', async (_what, row, refresh, expected) => {
    expect(await choosing(row, { answer: fresh }).get(refresh)).toMatchObject({ value: expected });
  });

  it.each([
    ['old ones rather than none', { ageMs: 10 * hourMs }, false, { value: kept }],
    ['but not where somebody wants to know', { ageMs: 0 }, true, { problem }],
    ["and not another account's", { ageMs: 0, version: 3 }, false, { problem }],
  ])('are, when the vendor cannot be asked, %s', async (_what, row, refresh, expected) => {
    const { get, saved } = choosing(row, { problem });
    expect(await get(refresh)).toMatchObject(expected);
    expect(saved).toEqual([]);
  });

  it.each([
    ['no list', 7],
    ['choices without a value', [{ label: 'x' }]],
    ['more than a thousand', Array.from({ length: 1_001 }, () => fresh[0])],
    ['a text that is too long', [{ value: 'x'.repeat(501), label: 'x' }]],
  ])('are not kept where the connector gives %s', async (_what, answer) => {
    const { get, saved } = choosing(undefined, { answer });
    expect(await get()).toHaveProperty('problem.msg', 'the connector slack gave an answer that is none');
    expect(saved).toEqual([]);
  });
});
