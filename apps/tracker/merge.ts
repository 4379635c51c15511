// Puts the facts of many records together, at most one per key, so that a batch is one statement per table. Pure.
import type {
  AttemptFact,
  DeliveryFact,
  EventFact,
  ParkedFact,
  Projection,
  SeenEventTypeFact,
  SeenResourceFact,
} from '@sluice/persistence';
import type { Facts } from './project.ts';

export function merge(all: readonly Facts[]): Projection {
  const events = new Map<string, EventFact>();
  const deliveries = new Map<string, DeliveryFact>();
  const attempts = new Map<string, AttemptFact>();
  const parked = new Map<string, ParkedFact>();
  const deadLetters = new Map<string, NonNullable<Facts['deadLetter']>>();
  const replays = new Map<string, NonNullable<Facts['replay']>>();
  const seenEventTypes = new Map<string, SeenEventTypeFact>();
  const seenResources = new Map<string, SeenResourceFact>();
  for (const facts of all) {
    if (facts.event) put(events, facts.event.id, joinedWith(facts.event, firstKnown));
    for (const delivery of facts.deliveries ?? []) {
      put(deliveries, `${delivery.event_id} ${delivery.rule_id}`, joinedWith(delivery, furthest));
    }
    if (facts.attempt) {
      const { event_id, rule_id, attempt } = facts.attempt;
      put(attempts, `${event_id} ${rule_id} ${attempt}`, joinedWith(facts.attempt, firstKnown));
    }
    if (facts.parked) {
      const { connection_id, id } = facts.parked;
      put(parked, `${connection_id} ${id}`, joinedWith(facts.parked, parkedLast));
    }
    if (facts.deadLetter) put(deadLetters, facts.deadLetter.id, joinedWith(facts.deadLetter, latest));
    if (facts.seenEventType) {
      const { workspace, name } = facts.seenEventType;
      put(seenEventTypes, `${workspace} ${name}`, joinedWith(facts.seenEventType, widest));
    }
    if (facts.seenResource) {
      const { workspace, name } = facts.seenResource;
      seenResources.set(`${workspace} ${name}`, facts.seenResource);
    }
    if (facts.replay) put(replays, facts.replay.id, joinedWith(facts.replay, latest));
  }
  return {
    events: [...events.values()],
    deliveries: [...deliveries.values()],
    attempts: [...attempts.values()],
    parked: [...parked.values()],
    deadLetters: [...deadLetters.values()],
    replays: [...replays.values()],
    seenEventTypes: [...seenEventTypes.values()],
    seenResources: [...seenResources.values()],
  };
}

function put<T>(map: Map<string, T>, key: string, next: (known: T | undefined) => T): void {
  map.set(key, next(map.get(key)));
}

const joinedWith =
  <T>(fact: T, join: (known: T, fact: T) => T) =>
  (known: T | undefined): T =>
    known === undefined ? fact : join(known, fact);

/** Each member from whichever fact knows it; from the first where both do. */
function firstKnown<T extends object>(known: T, fact: T): T {
  const joined = { ...fact };
  for (const [member, value] of Object.entries(known)) {
    if (value !== null) (joined as Record<string, unknown>)[member] = value;
  }
  return joined;
}

/** The state that is further on; its trace is that of any fact that knows one. */
function furthest(known: DeliveryFact, fact: DeliveryFact): DeliveryFact {
  const [ahead, behind] = isAhead(fact, known) ? [fact, known] : [known, fact];
  return ahead.trace_id === null && behind.trace_id !== null ? { ...ahead, trace_id: behind.trace_id } : ahead;
}

const isAhead = (fact: DeliveryFact, known: DeliveryFact): boolean =>
  fact.progress === known.progress
    ? (fact.moved_at_ms ?? 0) > (known.moved_at_ms ?? 0)
    : fact.progress > known.progress;

const parkedLast = (known: ParkedFact, fact: ParkedFact): ParkedFact =>
  fact.parked_at_ms > known.parked_at_ms ? fact : known;

/** From the first sight to the last; the last is the sample. */
function widest(known: SeenEventTypeFact, fact: SeenEventTypeFact): SeenEventTypeFact {
  const newer = fact.last_seen_at_ms > known.last_seen_at_ms ? fact : known;
  return { ...newer, first_seen_at_ms: Math.min(known.first_seen_at_ms, fact.first_seen_at_ms) };
}

function latest<T extends { attempt_count: number }>(known: T, fact: T): T {
  return fact.attempt_count > known.attempt_count ? fact : known;
}
