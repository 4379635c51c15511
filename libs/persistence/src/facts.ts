// What the tracker has to say in one batch: facts about events, deliveries, attempts, parking lots, dead letters and replays.

/** What is known of an event; null where this batch does not know. */
export interface EventFact {
  id: string;
  workspace: string;
  event: string;
  resource: string | null;
  resource_id: string | null;
  payload: string | null;
  /** Its `email`, to be found by. */
  email: string | null;
  created_by: string | null;
  created_at_ms: number;
  routed_at_ms: number | null;
  total_rules: number | null;
  /** Matching rules beyond the limit of one event. */
  overflow: number | null;
  budget_exhausted: boolean | null;
  schema_problem: string | null;
  /** JSON text: rule id -> what its mapping left out. */
  mapping_warnings: string | null;
  trace_id: string | null;
}

/** The state of a delivery at one point of its life; `progress` orders those points, and `moved_at_ms` those of the same progress. */
export interface DeliveryFact {
  event_id: string;
  rule_id: string;
  id: string;
  workspace: string;
  connection_id: string;
  connector: string;
  action: string;
  rule_version: number;
  connection_version: number;
  mapping_version: number | null;
  state: string;
  state_reason: string | null;
  attempt_count: number;
  next_attempt_at_ms: number | null;
  completed_at_ms: number | null;
  outcome_code: string | null;
  http_status: number | null;
  last_error: string | null;
  replay_id: string | null;
  trace_id: string | null;
  progress: number;
  /** When it came into its parking lot, or left it. */
  moved_at_ms: number | null;
}

/** What is known of an attempt: its outcome, what was decided after it, or both. */
export interface AttemptFact {
  event_id: string;
  rule_id: string;
  attempt: number;
  trigger: string | null;
  result: string | null;
  outcome_code: string | null;
  started_at_ms: number | null;
  queued_ms: number | null;
  connect_ms: number | null;
  ttfb_ms: number | null;
  total_ms: number | null;
  http_status: number | null;
  /** JSON texts. */
  error: string | null;
  request: string | null;
  response: string | null;
  next_at_ms: number | null;
  next_cause: string | null;
  trace_id: string | null;
  span_id: string | null;
}

export interface DeadLetterFact {
  id: string;
  event_id: string;
  rule_id: string;
  workspace: string;
  connection_id: string;
  connector: string;
  event: string;
  reason: string;
  outcome_code: string;
  http_status: number | null;
  message: string;
  attempt_count: number;
  dead_at_ms: number;
  /** JSON text of the whole delivery. */
  delivery: string;
}

/** A delivery that waits in the parking lot of its connection. */
export interface ParkedFact {
  /** Its place there. */
  id: string;
  connection_id: string;
  workspace_id: string;
  connector: string;
  delivery_id: string;
  event_id: string;
  rule_id: string;
  event: string;
  attempt: number;
  reason: string;
  not_before_at_ms: number | null;
  /** From when on its age counts. */
  began_at_ms: number;
  parked_at_ms: number;
  /** JSON text of the whole delivery. */
  delivery: string;
}

/** A dead letter asked for again. */
export interface ReplayFact {
  id: string;
  attempt_count: number;
  replayed_at_ms: number;
}

/** An event type that traffic was seen of. */
export interface SeenEventTypeFact {
  workspace: string;
  name: string;
  first_seen_at_ms: number;
  last_seen_at_ms: number;
  sample_event_id: string;
}

export interface SeenResourceFact {
  workspace: string;
  name: string;
}

/** At most one fact per key and table. */
export interface Projection {
  events: EventFact[];
  deliveries: DeliveryFact[];
  attempts: AttemptFact[];
  parked: ParkedFact[];
  deadLetters: DeadLetterFact[];
  replays: ReplayFact[];
  seenEventTypes: SeenEventTypeFact[];
  seenResources: SeenResourceFact[];
}
