// CPU time of one thing beside another. Trust the ratios of one run, not its digits.

/** Microseconds of CPU that one of it takes, garbage collection and compilation included. */
export function cpuOf(once: (number: number) => unknown, runs: number): number {
  for (let number = 0; number < runs / 10; number++) once(number);
  const before = process.cpuUsage();
  for (let number = 0; number < runs; number++) once(number);
  return microsecondsSince(before) / runs;
}

interface Many {
  runs: number;
  atATime: number;
}

/** The same of what is waited for, several under way at a time. */
export async function cpuOfMany(once: (number: number) => Promise<unknown>, { runs, atATime }: Many): Promise<number> {
  await many(once, { runs: runs / 10, atATime });
  const before = process.cpuUsage();
  await many(once, { runs, atATime });
  return microsecondsSince(before) / runs;
}

export async function many(once: (number: number) => Promise<unknown>, { runs, atATime }: Many): Promise<void> {
  let next = 0;
  const oneAfterTheOther = async (): Promise<void> => {
    while (next < runs) await once(next++);
  };
  await Promise.all(Array.from({ length: atATime }, oneAfterTheOther));
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
