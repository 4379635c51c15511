// History comes out the same in whatever order, how often and in however large batches it is told.
import { describe, expect, it } from '@jest/globals';
import type { AttemptFact, DeadLetterFact, DeliveryFact, EventFact, ParkedFact, Projection } from '@sluice/persistence';
import fc from 'fast-check';
import { merge } from './merge.ts';
import type { Facts } from './project.ts';
import { Life } from './testing/life.ts';
import { event } from './testing/samples.ts';

/** Tables as the statements of the projection keep them: a row is inserted, or joined by its table's rule. */
class Tables {
  readonly events = new Map<string, EventFact>();
  readonly deliveries = new Map<string, DeliveryFact>();
  readonly attempts = new Map<number, AttemptFact>();
  readonly deadLetters = new Map<string, DeadLetterFact>();
  readonly parked = new Map<string, ParkedFact>();

  write({ events, deliveries, attempts, parked, deadLetters }: Projection): void {
    for (const fact of events) this.events.set(fact.id, coalesced(this.events.get(fact.id), fact));
    for (const fact of attempts) this.attempts.set(fact.attempt, coalesced(this.attempts.get(fact.attempt), fact));
    for (const fact of deliveries) {
      const row = this.deliveries.get(fact.id);
      const isAhead = !row || fact.progress > row.progress;
      const hasMoved = fact.progress === row?.progress && (fact.moved_at_ms ?? 0) > (row.moved_at_ms ?? 0);
      if (isAhead || hasMoved) this.deliveries.set(fact.id, fact);
    }
    for (const fact of parked) {
      const row = this.parked.get(fact.id);
      if (!row || fact.parked_at_ms > row.parked_at_ms) this.parked.set(fact.id, fact);
    }
    for (const fact of deadLetters) {
      const row = this.deadLetters.get(fact.id);
      if (!row || fact.attempt_count > row.attempt_count) this.deadLetters.set(fact.id, fact);
    }
  }

  /** Everything but a delivery's trace: any fact that knows it may bring it. */
  get state() {
    const deliveries = [...this.deliveries.values()].map(({ trace_id: _trace, ...row }) => row);
    const attempts = [...this.attempts.values()].sort((a, b) => a.attempt - b.attempt);
    const [events, deadLetters, parked] = [this.events, this.deadLetters, this.parked].map((table) => [
      ...table.values(),
    ]);
    return { events, deliveries, attempts, deadLetters, parked };
  }
}

function coalesced<T extends object>(row: T | undefined, fact: T): T {
  const known = Object.entries(row ?? {}).filter(([, value]) => value !== null);
  return { ...fact, ...Object.fromEntries(known) };
}

const life = fc
  .record({
    runs: fc.array(fc.array(fc.nat(2), { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    parkings: fc.nat(2),
    ending: fc.constantFrom('delivered', 'dead', 'waiting', 'replayed', 'parked', 'released'),
  })
  .map(({ runs, parkings, ending }) => {
    const made = new Life();
    runs.forEach((hops, run) => {
      if (run > 0) {
        made.died();
        made.replayed(`replay ${run}`);
      }
      hops.forEach((each) => {
        made.wasParked(parkings);
        made.retried(each);
      });
    });
    if (ending === 'delivered') made.delivered();
    if (ending === 'waiting') made.retried(1);
    if (ending === 'dead' || ending === 'replayed') made.died();
    if (ending === 'replayed') made.replayed('last replay');
    if (ending === 'released') made.wasParked(2);
    if (ending === 'parked') made.stayedParked();
    return { made, ending };
  });

const states = {
  delivered: 'delivered',
  dead: 'dead',
  waiting: 'waiting_retry',
  replayed: 'queued',
  parked: 'parked',
  released: 'queued',
} as const;

/** Every fact twice, shuffled, with a place to cut after each. */
const told = ({ facts }: Life) =>
  fc
    .shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })
    .chain((shuffled) =>
      fc.tuple(
        fc.constant(shuffled),
        fc.array(fc.boolean(), { minLength: shuffled.length, maxLength: shuffled.length }),
      ),
    );

function batchesOf(facts: readonly Facts[], cuts: readonly boolean[]): Facts[][] {
  const batches: Facts[][] = [[]];
  facts.forEach((fact, index) => {
    batches.at(-1)?.push(fact);
    if (cuts[index]) batches.push([]);
  });
  return batches;
}

describe('the life of a delivery', () => {
  it('ends in the same history however it is told: shuffled, twice, in whatever batches', () => {
    const telling = life.chain(({ made, ending }) => fc.tuple(fc.constant({ made, ending }), told(made)));
    fc.assert(
      fc.property(telling, ([{ made, ending }, [shuffled, cuts]]) => {
        const [inOrder, anyhow] = [new Tables(), new Tables()];
        for (const facts of made.facts) inOrder.write(merge([facts]));
        for (const batch of batchesOf(shuffled, cuts)) anyhow.write(merge(batch));
        expect(anyhow.state).toEqual(inOrder.state);

        const { events, deliveries, attempts } = anyhow.state;
        expect(events).toMatchObject([{ payload: event.payload, total_rules: 1, routed_at_ms: 2_000 }]);
        expect(deliveries).toMatchObject([{ state: states[ending], attempt_count: made.attempts }]);
        expect(attempts.map(({ attempt }) => attempt)).toEqual(
          Array.from({ length: made.attempts }, (_, index) => index + 1),
        );
        for (const { result, next_cause } of attempts) expect([result, next_cause]).not.toContain(null);
      }),
    );
  });
});

describe('a batch', () => {
  it('has at most one fact per key, so that one statement never meets a row twice', () => {
    fc.assert(
      fc.property(life, ({ made }) => {
        const { events, deliveries, attempts, parked, deadLetters, replays } = merge([...made.facts, ...made.facts]);
        for (const ids of [events, parked, deadLetters, replays].map((facts) => facts.map(({ id }) => id))) {
          expect(new Set(ids).size).toBe(ids.length);
        }
        expect(deliveries).toHaveLength(1);
        expect(new Set(attempts.map(({ attempt }) => attempt)).size).toBe(attempts.length);
      }),
    );
  });

  it('keeps deliveries of one event apart by their rules, and attempts by their deliveries', () => {
    const [one, two] = [new Life(), new Life()].map((each) => {
      each.retried(0);
      return each.facts;
    });
    const ofOther = (two ?? []).map((facts): Facts => ({
      ...facts,
      deliveries: facts.deliveries?.map((delivery) => ({ ...delivery, rule_id: 'other' })),
      attempt: facts.attempt && { ...facts.attempt, rule_id: 'other' },
    }));
    const { events, deliveries, attempts } = merge([...(one ?? []), ...ofOther]);
    expect([events.length, deliveries.length, attempts.length]).toEqual([1, 2, 2]);
  });

  it('keeps the trace that any of its facts knows', () => {
    const made = new Life();
    made.retried(0);
    expect(merge(made.facts).deliveries).toMatchObject([{ state: 'waiting_retry', trace_id: 't' }]);
    expect(merge([...made.facts].reverse()).deliveries).toMatchObject([{ state: 'waiting_retry', trace_id: 't' }]);
  });

  it('of nothing is nothing', () => {
    const history = { events: [], deliveries: [], attempts: [], parked: [], deadLetters: [], replays: [] };
    const nothing = { ...history, seenEventTypes: [], seenResources: [] };
    expect(merge([])).toEqual(nothing);
    expect(merge([{}])).toEqual(nothing);
  });

  it('joins what was seen of a type: the widest time, the newest sample; of each workspace apart', () => {
    const seen = {
      workspace: 'w',
      name: 'lead.created',
      first_seen_at_ms: 5,
      last_seen_at_ms: 5,
      sample_event_id: 'a',
    };
    const later = { ...seen, first_seen_at_ms: 9, last_seen_at_ms: 9, sample_event_id: 'b' };
    const foreign = { ...seen, workspace: 'v' };
    const widest = { ...seen, last_seen_at_ms: 9, sample_event_id: 'b' };
    for (const order of [
      [seen, later, foreign],
      [foreign, later, seen],
    ]) {
      const { seenEventTypes } = merge(order.map((seenEventType) => ({ seenEventType })));
      expect(seenEventTypes).toHaveLength(2);
      expect(seenEventTypes).toEqual(expect.arrayContaining([widest, foreign]));
    }
  });
});
