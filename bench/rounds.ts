// CPU time of one thing beside another. Trust the ratios of one run, not its digits.

/** Microseconds of CPU that one of it takes, garbage collection and compilation included. */
export function cpuOf(once: (number: number) => unknown, runs: number): number {
  for (let number = 0; number < runs / 10; number++) once(number);
  const before = process.cpuUsage();
  for (let number = 0; number < runs; number++) once(number);
  return microsecondsSince(before) / runs;
}

export function microsecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** What each line measured, forwards and then backwards, so that none has the advantage of its place. */
export class Rounds {
  private readonly figures = new Map<string, number[]>();

  async run(lines: Readonly<Record<string, () => number | Promise<number>>>): Promise<void> {
    const all = Object.entries(lines);
    for (const [name, measure] of [...all, ...all.toReversed()]) {
      this.figures.set(name, [...this.of(name), await measure()]);
    }
  }

  names(): Iterable<string> {
    return this.figures.keys();
  }

  of(name: string): readonly number[] {
    return this.figures.get(name) ?? [];
  }

  /** What disturbs a measurement only ever makes it longer. */
  best(name: string): number {
    return Math.min(...this.of(name));
  }
}
