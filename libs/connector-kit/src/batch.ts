// What batches have in common: one of their deliveries speaks for all, and one may spoil it for all.
import { classified, type Classification } from './classify.ts';
import type { HttpRequest } from './http.ts';

/** A batch's `build` that is given its first delivery too: connection, and what `key` goes by, are the same for all. */
export const withFirst =
  <C>(build: (first: C, calls: readonly C[]) => HttpRequest) =>
  (calls: readonly C[]): HttpRequest => {
    const [first] = calls;
    if (first === undefined) throw new Error('a batch has a delivery');
    return build(first, calls);
  };

/** An answer that speaks of all as one, for each delivery: `split` where one of several, or their size, may be the reason. */
export const classifyEach = (calls: readonly unknown[], whole: Classification, isForOne: boolean): Classification[] =>
  calls.map(() => (isForOne && calls.length > 1 ? classified('split', whole.message) : whole));
