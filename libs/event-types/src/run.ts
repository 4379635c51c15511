// One check of one payload: the steps it has left, the place it is at, and the problems it has found.
import type { Problem } from '@sluice/contracts';
import { limits } from './limits.ts';
import { matches, type Pattern } from './pattern.ts';
import { paramOfKeys } from './place.ts';

/** What costs more than looking at one value, in steps. A step is some 20 ns; README.md has the measurements. */
export const price = { format: 8, pattern: 32, item: 4, name: 4 } as const;

/** Thrown to leave a check that may be deep in a payload. */
export class Stop extends Error {}
const exhausted = new Stop('out of steps');
const enough = new Stop('enough problems');

export type Members = Readonly<Record<string, unknown>>;

export class Run {
  readonly problems: Problem[] = [];
  private left: number = limits.steps;
  private readonly path: (string | number)[];
  /** Above 0 where only the answer counts: inside alternatives, `not`, `if`, `contains`. */
  private quiet = 0;
  private lastObject: Members | undefined;
  private lastNames: readonly string[] = [];

  /** `name` is what the payload is called in problems. */
  constructor(name: string) {
    this.path = [name];
  }

  /** The problems that `check` finds; the last of them is that it took too long, where it did. */
  problemsOf(check: () => void): Problem[] {
    try {
      check();
    } catch (stop) {
      if (!(stop instanceof Stop)) throw stop;
      if (stop === exhausted) {
        const msg = `takes more than ${limits.steps} steps to check against its schema`;
        return [
          ...this.problems.slice(0, limits.payloadProblems - 1),
          { param: paramOfKeys(this.path.slice(0, 1)), msg },
        ];
      }
    }
    return this.problems;
  }

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw exhausted;
  }

  /** Whether problems are told. Where they are not, the first one ends the matter. */
  get loud(): boolean {
    return this.quiet === 0;
  }

  /** Tells a problem of the value at hand, or of its member `key`. Always false: the value does not fit. */
  refuse(msg: string, key?: string | number): false {
    if (!this.loud) return false;
    const path = key === undefined ? this.path : [...this.path, key];
    this.problems.push({ param: paramOfKeys(path), msg });
    if (this.problems.length >= limits.payloadProblems) throw enough;
    return false;
  }

  quietly(check: () => boolean): boolean {
    this.quiet++;
    const fits = check();
    this.quiet--;
    return fits;
  }

  /** Goes one step into the payload for the time of a check. */
  inside(key: string | number, check: () => boolean): boolean {
    this.path.push(key);
    const fits = check();
    this.path.pop();
    return fits;
  }

  matches(pattern: Pattern, text: string): boolean {
    this.spend(price.pattern + text.length * pattern.price);
    return matches(pattern, text);
  }

  /** An object's names, kept while subschemas of one place ask for them in turn: listing those of a large object is slow. */
  namesOf(value: Members): readonly string[] {
    if (this.lastObject !== value) {
      this.lastObject = value;
      this.lastNames = Object.keys(value);
    }
    this.spend(this.lastNames.length * price.name);
    return this.lastNames;
  }
}
