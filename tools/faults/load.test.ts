// Proves that the load notes exactly what was promised, and knows what was not.
import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer, Draft } from './customer.ts';
import { hashOf, Ledger } from './ledger.ts';
import { send } from './load.ts';

const draft = (n: number): Draft => ({ type: 'a', payload: `{"n":${n}}` });

/** Accepts every call but those whose turn is told. */
function moody(isRefused: (call: number) => boolean) {
  let calls = 0;
  return {
    workspace: 'w',
    append: async (drafts: readonly Draft[]): Promise<Answer> => {
      const call = calls++;
      await new Promise((resolve) => setTimeout(resolve, call % 3));
      if (isRefused(call)) return { status: 503, tookMs: 1, body: {} };
      const records = drafts.map(({ payload }) => ({ id: `id of ${payload}` }));
      return { status: 201, tookMs: 1, body: { records } };
    },
  };
}

function newLedger(): { ledger: Ledger; file: string } {
  const file = join(mkdtempSync(join(tmpdir(), 'faults-')), 'ledger.jsonl');
  return { ledger: new Ledger(file), file };
}

describe('a load', () => {
  it('sends each event until it is accepted, counts them all, and has them in memory and on disk', async () => {
    const { ledger, file } = newLedger();
    const counts: number[] = [];
    const customer = moody((call) => call % 5 === 1);
    const sent = await send({
      customer,
      ledger,
      events: 23,
      first: 100,
      draft,
      bulk: 4,
      onAccepted: (n) => counts.push(n),
    });
    expect(ledger.entries.map(({ n }) => n).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 23 }, (_, n) => 100 + n),
    );
    for (const { n, event, payloadHash } of ledger.entries) {
      expect([event, payloadHash]).toEqual([`id of {"n":${n}}`, hashOf(`{"n":${n}}`)]);
    }
    expect(Math.max(...counts)).toBe(23);
    expect(sent.statuses.get(201)).toBe(6);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(23);
    expect(ledger.unconfirmed.size).toBe(0);
  });

  it('ends with what was said, where a draft is at fault', async () => {
    const append = () => Promise.resolve({ status: 400, tookMs: 1, body: { error: { code: 'field_invalid' } } });
    const { ledger } = newLedger();
    const sent = send({ customer: { workspace: 'w', append }, ledger, events: 3, draft });
    await expect(sent).rejects.toThrow('event 0 is refused: {"error":{"code":"field_invalid"}}');
  });

  it('keeps apart what it did not insist on', async () => {
    const { ledger } = newLedger();
    await send({ customer: moody((call) => call === 0), ledger, events: 10, draft, insists: false });
    expect(ledger.entries).toHaveLength(9);
    expect(ledger.unconfirmed.size).toBe(1);
  });
});
