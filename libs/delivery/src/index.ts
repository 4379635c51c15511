// The delivery engine's pure half: policy, backoff, what follows an outcome, waiting until something is due, and whose attempt is next.
export { backoffMs } from './backoff.ts';
export { asReplay, decide, followUp, historyLimit, withHistory, type Decision } from './decide.ts';
export { DelayLine } from './delay-line.ts';
export { leaveTier, tierFor } from './delay-tiers.ts';
export { afterAttempt, breakerState, type Breaker, type BreakerAttempt, type OpenReason } from './breaker.ts';
export type { Rate } from './bucket.ts';
export type { LanePolicy } from './lane.ts';
export type { Ended, LaneView, Remembered } from './facts.ts';
export { Lanes } from './lanes.ts';
export type { Spilled, Started, Work } from './piece.ts';
export { defaultLaneCaps, type LaneCaps } from './slots.ts';
