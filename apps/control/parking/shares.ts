// How much is let go of all lots of a workspace whose slots did not suffice: as much as does not come back. Pure.
import type { Lot, Taking } from '@sluice/persistence';
import { nextPace, releaseLimits, type Pace } from './decide-release.ts';

/** Workspace -> its pace; only of those that had no slots for what was parked last. */
export type Paces = ReadonlyMap<string, Pace>;

/**
 * Each lot alone would be given out ever faster, and a workspace with a thousand lots would have a thousand deliveries come back every
 * second for want of slots.
 */
export function pacesOf(lots: readonly Lot[], before: Paces): Paces {
  const newestAtMs = new Map<string, number>();
  for (const { workspace_id, newest_at_ms } of lots.filter(hadNoSlot)) {
    newestAtMs.set(workspace_id, Math.max(newest_at_ms, newestAtMs.get(workspace_id) ?? 0));
  }
  return new Map(
    [...newestAtMs].map(([id, atMs]) => [id, nextPace(before.get(id), atMs, releaseLimits.pace.max)] as const),
  );
}

/**
 * Takings of such lots made smaller, until they are within their workspace's pace.
 * @param turn which of them is served first when there is not one for each; another one each time, so that none is left out for long
 */
export function withinShares(takings: readonly Taking[], lots: readonly Lot[], { paces, turn }: Served): Taking[] {
  const lotOf = new Map(lots.filter(hadNoSlot).map((lot) => [lot.connection_id, lot]));
  const paced = Map.groupBy(takings, ({ connection_id }) => lotOf.get(connection_id)?.workspace_id);
  const others = paced.get(undefined) ?? [];
  paced.delete(undefined);
  return [
    ...others,
    ...[...paced].flatMap(([workspace, some]) => served(some, paces.get(workspace ?? '')?.perSecond ?? 0, turn)),
  ];
}

export interface Served {
  paces: Paces;
  turn: number;
}

function served(takings: readonly Taking[], perSecond: number, turn: number): Taking[] {
  const first = turn % takings.length;
  const inTurn = [...takings.slice(first), ...takings.slice(0, first)];
  const each = Math.max(1, Math.floor(perSecond / takings.length));
  let left = Math.floor(perSecond);
  return inTurn.flatMap((taking) => {
    const count = Math.min(taking.count, each, left);
    left -= count;
    return count > 0 ? [{ ...taking, count }] : [];
  });
}

/** Whether what was parked of it last could not begin although its connection would have let it. */
const hadNoSlot = ({ newest_reason }: Lot): boolean => newest_reason === 'no_slot';
