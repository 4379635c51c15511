// What lanes are told of destinations and connections, and what they tell.
import type { Breaker } from './breaker.ts';
import type { Lane } from './lane.ts';

/** What an attempt says of its destination; `unsent` says nothing, because nothing was sent. */
export interface Ended {
  kind: 'ok' | 'failed' | 'timeout' | 'throttled' | 'unsent';
  /** When the destination asked to be called again. */
  retryAtMs?: number | undefined;
}

/** What is known of a connection from before, here or in another process. */
export interface Remembered {
  workspace: string;
  connection: string;
  breaker: Breaker | undefined;
  /** Whether something of it is in parking; matters to a connection with an order. */
  isDiverted: boolean;
}

export type LaneView = Readonly<
  Pick<Lane<unknown>, 'waiting' | 'inFlight' | 'closedUntilMs' | 'breaker' | 'isSuspect' | 'isDiverted'>
>;
