// Random numbers that are the same each time, in the shapes that a load has.

export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  /** In [0, 1): mulberry32. */
  uniform(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /** Its logarithm deviates by 1: the mean is 1.65 medians, the 99th percentile 10.2. */
  lognormal(median: number): number {
    const normal = Math.sqrt(this.exponential(2)) * Math.cos(2 * Math.PI * this.uniform());
    return median * Math.exp(normal);
  }

  /** Picks one of `count`, the n-th most popular with a weight of n^-exponent. */
  zipf(count: number, exponent: number): () => number {
    const sums = new Float64Array(count);
    let sum = 0;
    for (let at = 0; at < count; at++) sums[at] = sum += (at + 1) ** -exponent;
    return () => {
      const wanted = this.uniform() * sum;
      let [low, high] = [0, count - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sums[middle] ?? 0) <= wanted) low = middle + 1;
        else high = middle;
      }
      return low;
    };
  }
}
