// Holds what was promised against what arrived and what history tells: each pair of event and rule is in exactly one state, or the product is at fault. Pure.
import { deliveryId } from '@sluice/contracts';
import type { Accepted } from './ledger.ts';
import { wasTaken, type Received } from './received.ts';

/** A rule as the run made it: which events it has to take, and where their deliveries have to arrive. */
export interface ExpectedRule {
  readonly rule: string;
  readonly connection: string;
  readonly path: string;
  readonly takes: (event: Accepted) => boolean;
}

export interface DeliveryRow {
  readonly event: string;
  readonly rule: string;
  readonly state: string;
}

/** An attempt, and when the next one was due, if any was. */
export interface AttemptRow {
  readonly event: string;
  readonly rule: string;
  readonly attempt: number;
  readonly nextAtMs: number | null;
}

export interface History {
  /** Events of which history tells how many rules matched. */
  readonly routed: ReadonlySet<string>;
  readonly deliveries: readonly DeliveryRow[];
  readonly attempts: readonly AttemptRow[];
}

export interface Evidence {
  readonly ledger: readonly Accepted[];
  /** Payloads, by hash, of events that may be there or not. */
  readonly unconfirmed?: ReadonlySet<string>;
  readonly rules: readonly ExpectedRule[];
  /** In the order in which they came. */
  readonly requests: readonly Received[];
  readonly history: History;
}

export type PairState = 'delivered' | 'filtered' | 'dead-lettered' | 'parked' | 'in flight';

export interface Pair {
  readonly event: string;
  readonly rule: string;
  readonly why: string;
}

export interface Audit {
  readonly accepted: number;
  readonly pairs: number;
  readonly states: Readonly<Record<PairState, number>>;
  /** Promised, and neither delivered nor anywhere to be found. */
  readonly lost: readonly Pair[];
  /** In two states at once, or in none that history knows of. */
  readonly disagreeing: readonly Pair[];
  /** Two accepted events under one id. */
  readonly repeatedIds: number;
  /** Requests whose body is not the payload that was accepted. */
  readonly changed: readonly Received[];
  /** Requests that no accepted event and rule explain, or that came to another rule's path. */
  readonly strays: readonly Received[];
  /** Requests that were taken though the same delivery had been taken before. */
  readonly duplicates: number;
  /** Requests that repeat an attempt by its number, taken or not. */
  readonly repeatedAttempts: number;
  /** Deliveries of one rule and resource id that were first taken after a later event's. */
  readonly inversions: number;
}

const stateOf: Readonly<Record<string, PairState>> = {
  delivered: 'delivered',
  dead: 'dead-lettered',
  parked: 'parked',
  filtered: 'filtered',
  queued: 'in flight',
  in_flight: 'in flight',
  waiting_retry: 'in flight',
};

export function audit(evidence: Evidence): Audit {
  const { ledger, rules, requests, history, unconfirmed = new Set() } = evidence;
  const rows = new Map(history.deliveries.map((row) => [deliveryId(row.event, row.rule), row.state]));
  const byId = Map.groupBy(requests, ({ id }) => id);
  const states: Record<PairState, number> = {
    delivered: 0,
    filtered: 0,
    'dead-lettered': 0,
    parked: 0,
    'in flight': 0,
  };
  const lost: Pair[] = [];
  const disagreeing: Pair[] = [];
  const changed: Received[] = [];
  const explained = new Set<string>();
  for (const entry of ledger) {
    for (const rule of rules) {
      const id = deliveryId(entry.event, rule.rule);
      const own = byId.get(id) ?? [];
      const mayArrive = rule.takes(entry);
      if (mayArrive && own.every(({ path }) => path === rule.path)) explained.add(id);
      changed.push(...own.filter(({ bodyHash }) => bodyHash !== entry.payloadHash));
      const row = rows.get(id);
      const verdict = judge({ mayArrive, row, taken: own.some(wasTaken), isRouted: history.routed.has(entry.event) });
      const pair = { event: entry.event, rule: rule.rule };
      if (typeof verdict === 'string') states[verdict]++;
      else if (verdict.fault === 'lost') lost.push({ ...pair, why: verdict.why });
      else disagreeing.push({ ...pair, why: verdict.why });
    }
  }
  return {
    accepted: ledger.length,
    pairs: ledger.length * rules.length,
    states,
    lost,
    disagreeing,
    repeatedIds: ledger.length - new Set(ledger.map(({ event }) => event)).size,
    changed,
    strays: requests.filter(({ id, bodyHash }) => !explained.has(id) && !unconfirmed.has(bodyHash)),
    ...repeatsIn(byId),
    inversions: invertedIn(evidence).length,
  };
}

interface PairEvidence {
  readonly mayArrive: boolean;
  readonly row: string | undefined;
  readonly taken: boolean;
  readonly isRouted: boolean;
}

type Verdict = PairState | { readonly fault: 'lost' | 'disagreeing'; readonly why: string };

function judge({ mayArrive, row, taken, isRouted }: PairEvidence): Verdict {
  const disagreeing = (why: string): Verdict => ({ fault: 'disagreeing', why });
  if (!mayArrive) {
    if (row !== undefined || taken) return disagreeing('the rule does not take it, and it was delivered all the same');
    return isRouted ? 'filtered' : disagreeing('history does not tell that it was routed');
  }
  if (row === undefined) {
    return taken ? disagreeing('arrived, and history knows no delivery') : { fault: 'lost', why: 'found nowhere' };
  }
  const state = stateOf[row];
  if (state === undefined || state === 'filtered') return disagreeing(`history calls it ${row}`);
  if (state === 'delivered' && !taken)
    return { fault: 'lost', why: 'history calls it delivered, and it never arrived' };
  if (taken && (state === 'dead-lettered' || state === 'parked'))
    return disagreeing(`arrived, and history says ${row}`);
  return state;
}

function repeatsIn(byId: ReadonlyMap<string, Received[]>): Pick<Audit, 'duplicates' | 'repeatedAttempts'> {
  let duplicates = 0;
  let repeatedAttempts = 0;
  for (const own of byId.values()) {
    duplicates += Math.max(0, own.filter(wasTaken).length - 1);
    repeatedAttempts += own.length - new Set(own.map(({ attempt }) => attempt)).size;
  }
  return { duplicates, repeatedAttempts };
}

/** Each delivery of a rule and resource id that was first taken after a later event's, and after which. */
export function invertedIn({ ledger, rules, requests }: Evidence): Pair[] {
  const takenAt = new Map<string, number>();
  requests.forEach((request, at) => {
    if (wasTaken(request) && !takenAt.has(request.id)) takenAt.set(request.id, at);
  });
  const lines = Map.groupBy(
    ledger.filter(({ resourceId }) => resourceId !== null),
    ({ workspace, resourceId }) => `${workspace} ${resourceId}`,
  );
  const inverted: Pair[] = [];
  for (const line of lines.values()) {
    for (const { rule } of rules) {
      let earliest = { at: Infinity, event: '' };
      for (const { event } of line.toReversed()) {
        const at = takenAt.get(deliveryId(event, rule));
        if (at === undefined) continue;
        if (at > earliest.at) inverted.push({ event, rule, why: `taken after ${earliest.event}` });
        else earliest = { at, event };
      }
    }
  }
  return inverted;
}

/** What is wrong whatever the faults were. */
export const mismatches = ({ lost, disagreeing, changed, strays, repeatedIds }: Audit): number =>
  lost.length + disagreeing.length + changed.length + strays.length + repeatedIds;
