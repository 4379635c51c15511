// The delivery engine's pure half: policy, backoff, what follows an outcome, waiting until something is due.
export { backoffMs } from './backoff.ts';
export { asReplay, decide, followUp, historyLimit, withHistory, type Decision } from './decide.ts';
export { DelayLine } from './delay-line.ts';
export { leaveTier, tierFor } from './delay-tiers.ts';
