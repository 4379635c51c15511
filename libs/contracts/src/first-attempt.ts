// What a delivery is before anything has happened to it.
import type { Delivery } from './generated.ts';

export const firstAttempt = {
  attempt: 1,
  trigger: 'initial',
  cycle_start: 1,
  pauses: 0,
  replay_id: null,
  is_low: false,
  parking_id: null,
  mapping_error: null,
  attempts: [],
} satisfies Partial<Delivery>;
