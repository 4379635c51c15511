// Whether this process has all it can do: its loop has hardly waited for anything since it was asked last.
import { performance, type EventLoopUtilization } from 'node:perf_hooks';

/** The part of the time in which the loop does not wait, from which on it counts as busy. Time in which others had the core is in it. */
const busyFrom = 0.7;

/** @param measure for tests */
export function busyWatch(
  measure: (before?: EventLoopUtilization) => EventLoopUtilization = (before) =>
    performance.eventLoopUtilization(before),
): () => boolean {
  let before = measure();
  return () => {
    const { utilization } = measure(before);
    before = measure();
    return utilization >= busyFrom;
  };
}
