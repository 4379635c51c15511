// Gathers work of one group while earlier work of it is under way, so that a vendor's batch endpoint is used as soon as there is
// something to gather, and nothing ever waits for company.

interface Waiting<T, R> {
  item: T;
  resolve: (result: R) => void;
  reject: (error: unknown) => void;
}

interface Group<T, R> {
  running: number;
  waiting: Waiting<T, R>[];
}

export interface GroupLimits {
  /** Runs of one group at a time. */
  running: number;
  /** Items in one run at most. */
  items: number;
}

export class GroupCommit<T, R> {
  private readonly groups = new Map<string, Group<T, R>>();
  private readonly run: (items: readonly T[]) => Promise<readonly R[]>;

  /** @param run gives one result for each item, in their order */
  constructor(run: (items: readonly T[]) => Promise<readonly R[]>) {
    this.run = run;
  }

  add(key: string, item: T, limits: GroupLimits): Promise<R> {
    return new Promise((resolve, reject) => {
      const group = this.groups.get(key) ?? { running: 0, waiting: [] };
      this.groups.set(key, group);
      group.waiting.push({ item, resolve, reject });
      this.start(key, group, limits);
    });
  }

  /** Groups that have work. */
  get size(): number {
    return this.groups.size;
  }

  private start(key: string, group: Group<T, R>, limits: GroupLimits): void {
    if (group.running >= limits.running || group.waiting.length === 0) return;
    const taken = group.waiting.splice(0, limits.items);
    group.running++;
    this.run(taken.map(({ item }) => item))
      .then(
        (results) => taken.forEach(({ resolve }, at) => resolve(results[at] as R)),
        (error: unknown) => taken.forEach(({ reject }) => reject(error)),
      )
      .finally(() => {
        group.running--;
        if (group.running === 0 && group.waiting.length === 0) this.groups.delete(key);
        else this.start(key, group, limits);
      });
  }
}
