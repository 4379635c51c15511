// Proves that the auditor finds whatever goes wrong, on runs made up for it: a run that went well, with one thing changed.
import { describe, expect, it } from '@jest/globals';
import { deliveryId } from '@sluice/contracts';
import fc from 'fast-check';
import { audit, invertedIn, mismatches, type DeliveryRow, type Evidence, type ExpectedRule } from './audit.ts';
import type { Accepted } from './ledger.ts';
import type { Received } from './received.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

interface Sound extends Evidence {
  readonly ledger: Accepted[];
  readonly requests: Received[];
  readonly history: { routed: Set<string>; deliveries: DeliveryRow[]; attempts: [] };
}

/** A run in which everything went well: every third rule takes even events only. */
function soundRun(events: number, ruleCount: number): Sound {
  const ledger = Array.from({ length: events }, (_, n) => ({
    ...{ event: uuid(n), workspace: uuid(9_999), type: 'a', n, payloadHash: `hash ${n}` },
    ...{ resourceId: `line ${n % 3}`, sentAtMs: n, acceptedAtMs: n + 1 },
  }));
  const rules: ExpectedRule[] = Array.from({ length: ruleCount }, (_, r) => ({
    ...{ rule: uuid(1_000 + r), connection: uuid(2_000 + r), path: `/${r}` },
    takes: ({ n }: Accepted) => r % 3 !== 2 || n % 2 === 0,
  }));
  const taken = ledger.flatMap((entry) => rules.filter(({ takes }) => takes(entry)).map((rule) => ({ entry, rule })));
  const requests = taken.map(({ entry, rule: { rule, path } }) => ({
    ...{ atMs: entry.n + 5, path, id: deliveryId(entry.event, rule), bodyHash: entry.payloadHash },
    ...{ attempt: 1, status: 200, connection: 1, untilMs: 0 },
  }));
  const deliveries = taken.map(({ entry, rule }) => ({ event: entry.event, rule: rule.rule, state: 'delivered' }));
  return {
    ledger,
    rules,
    requests,
    history: { routed: new Set(ledger.map(({ event }) => event)), deliveries, attempts: [] },
  };
}

/** A sound run, and one of its requests. */
const runAndRequest = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 4 }), fc.nat())
  .map(([events, rules, pick]) => {
    const run = soundRun(events, rules);
    return { run, at: pick % run.requests.length };
  });

const replaced = (run: Sound, at: number, ...by: Received[]): Evidence => ({
  ...run,
  requests: run.requests.toSpliced(at, 1, ...by),
});

const requestAt = (run: Sound, at: number): Received => run.requests[at] as Received;

function withState(run: Sound, at: number, state: string): Evidence {
  const deliveries = run.history.deliveries.map((row, index) => (index === at ? { ...row, state } : row));
  return { ...run, history: { ...run.history, deliveries } };
}

describe('the auditor', () => {
  it('finds nothing in a run that went well, and every pair in one state', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 1, max: 4 }), (events, rules) => {
        const found = audit(soundRun(events, rules));
        expect(mismatches(found)).toBe(0);
        expect(found.states.delivered + found.states.filtered).toBe(events * rules);
        expect([found.duplicates, found.repeatedAttempts, found.inversions]).toEqual([0, 0, 0]);
      }),
    );
  });

  it('always finds a request that never came', () => {
    fc.assert(
      fc.property(runAndRequest, ({ run, at }) => {
        expect(audit(replaced(run, at)).lost).toHaveLength(1);
      }),
    );
  });

  it('always finds a request that was not taken, though history says so', () => {
    fc.assert(
      fc.property(runAndRequest, fc.constantFrom(0, 429, 500, 503), ({ run, at }, status) => {
        expect(audit(replaced(run, at, { ...requestAt(run, at), status })).lost).toHaveLength(1);
      }),
    );
  });

  it('always finds a body that was changed, also in a repeat', () => {
    fc.assert(
      fc.property(runAndRequest, fc.boolean(), ({ run, at }, isRepeat) => {
        const sound = requestAt(run, at);
        const changed = { ...sound, bodyHash: 'another' };
        const found = audit(replaced(run, at, ...(isRepeat ? [sound, changed] : [changed])));
        expect(found.changed).toHaveLength(1);
      }),
    );
  });

  it('always finds a request that nobody asked for, or that came to another path', () => {
    fc.assert(
      fc.property(runAndRequest, fc.constantFrom({ id: uuid(7) }, { path: '/elsewhere' }), ({ run, at }, over) => {
        const sound = requestAt(run, at);
        expect(audit(replaced(run, at, sound, { ...sound, ...over })).strays.length).toBeGreaterThan(0);
      }),
    );
  });

  it('counts every repeat, and holds none against the run', () => {
    fc.assert(
      fc.property(runAndRequest, fc.integer({ min: 1, max: 5 }), ({ run, at }, repeats) => {
        const all = Array<Received>(repeats + 1).fill(requestAt(run, at));
        const found = audit(replaced(run, at, ...all));
        expect([found.duplicates, found.repeatedAttempts, mismatches(found)]).toEqual([repeats, repeats, 0]);
      }),
    );
  });

  it('always finds a delivery that history forgot, or calls by a state that it cannot have', () => {
    fc.assert(
      fc.property(runAndRequest, fc.constantFrom('dead', 'parked', 'filtered', 'canceled'), ({ run, at }, state) => {
        expect(audit(withState(run, at, state)).disagreeing).toHaveLength(1);
        const deliveries = run.history.deliveries.toSpliced(at, 1);
        expect(audit({ ...run, history: { ...run.history, deliveries } }).disagreeing).toHaveLength(1);
        expect(audit({ ...replaced(run, at), history: { ...run.history, deliveries } }).lost).toHaveLength(1);
      }),
    );
  });

  it.each([
    ['dead', 'dead-lettered'],
    ['parked', 'parked'],
    ['queued', 'in flight'],
    ['in_flight', 'in flight'],
    ['waiting_retry', 'in flight'],
  ] as const)('counts what never arrived and is %s as %s, not as lost', (state, counted) => {
    const run = soundRun(3, 1);
    const found = audit({ ...withState(run, 0, state), requests: run.requests.slice(1) });
    expect([found.states[counted], mismatches(found)]).toEqual([1, 0]);
  });

  it('finds what a rule does not take and got, and what nobody routed', () => {
    const run = soundRun(2, 3);
    const surplus = { event: uuid(1), rule: uuid(1_002), state: 'delivered' };
    const history = { ...run.history, deliveries: [...run.history.deliveries, surplus] };
    expect(audit({ ...run, history }).disagreeing).toEqual([expect.objectContaining({ event: uuid(1) })]);
    expect(audit({ ...run, history: { ...run.history, routed: new Set([uuid(0)]) } }).disagreeing).toHaveLength(1);
  });

  it('finds an id that was promised twice', () => {
    const run = soundRun(2, 1);
    expect(audit({ ...run, ledger: [...run.ledger, ...run.ledger.slice(1)] }).repeatedIds).toBe(1);
  });

  it('lets a call that was never confirmed have made its event or not', () => {
    const run = soundRun(3, 1);
    const unsure = { ...run, ledger: run.ledger.slice(1) };
    expect(audit(unsure).strays).toHaveLength(1);
    expect(mismatches(audit({ ...unsure, unconfirmed: new Set(['hash 0']) }))).toBe(0);
  });

  it('finds a later event of a line that came before an earlier one, repeats aside', () => {
    const run = soundRun(6, 1);
    const requests = [...run.requests];
    // Events 0 and 3 are of one line.
    [requests[0], requests[3]] = [requestAt(run, 3), requestAt(run, 0)];
    expect(audit({ ...run, requests }).inversions).toBe(1);
    expect(invertedIn({ ...run, requests })).toEqual([
      { event: uuid(0), rule: uuid(1_000), why: `taken after ${uuid(3)}` },
    ]);
    expect(audit({ ...run, requests: [...run.requests, { ...requestAt(run, 0) }] }).inversions).toBe(0);
  });
});
