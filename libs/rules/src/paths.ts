// The fields that a workspace's rules look at, as a tree, and their tests: each kept once, however many rules share it.
import { isRecord, type ReadBranch, type ReadLeaf, type Test } from './pattern.ts';
import type { Found } from './reading.ts';

/** One field. What an event has there is found at most once an event. */
export interface Path {
  key: string;
  parent: Path | null;
  depth: number;
  /**
   * A list while they are few, by key beyond. Lists here are replaced by `concat`: one that is pushed to, or spread with one more,
   * keeps room for others.
   */
  kids: readonly Path[] | Map<string, Path>;
  /** Its tests: a list while they are few, by their text beyond. */
  leaves: readonly Leaf[] | Map<string, Leaf>;
  /** While an event is matched. */
  found: Found | null;
}

/** One field's tests, of which one has to pass. */
export interface Leaf {
  path: Path;
  /** Most leaves have one only, and there are many leaves. */
  tests: Test | readonly Test[];
  /** Where they are many: those that are plain values, for not trying them one by one. */
  values: ReadonlySet<Test> | null;
  /** Whether it also holds when the event has no such field. */
  absent: boolean;
  /** How many branches of rules have it. */
  uses: number;
  /** While an event is matched: unknown (0), fails (1) or passes (2). */
  verdict: 0 | 1 | 2;
}

export interface Branch {
  leaves: readonly Leaf[];
  /** Of each, one alternative has to hold. */
  choices: readonly (readonly Branch[])[];
}

/** Most rules have none, and there are many rules. */
export const noChoices: Branch['choices'] = [];

/** Few enough to look through one by one. */
const fewKids = 8;
const fewLeaves = 32;
const fewValues = 8;

export const testsOf = ({ tests }: Pick<Leaf, 'tests'>): readonly Test[] => (isList(tests) ? tests : [tests]);
export const isList = (tests: Test | readonly Test[]): tests is readonly Test[] => Array.isArray(tests);

export class Paths {
  /** The event itself. */
  readonly root: Path = newPath('', null);

  /** The same branch with fields and tests of the tree; every use is counted until `release`. */
  take({ leaves, choices }: ReadBranch): Branch {
    return {
      leaves: leaves.map((leaf) => this.takeLeaf(leaf)),
      choices:
        choices.length === 0
          ? noChoices
          : choices.map(({ alternatives }) => alternatives.map((alternative) => this.take(alternative))),
    };
  }

  /** Forgets a branch, and what nothing else uses. */
  release(branch: Branch): void {
    for (const leaf of branch.leaves) if (--leaf.uses === 0) forget(leaf);
    for (const alternatives of branch.choices) for (const alternative of alternatives) this.release(alternative);
  }

  private takeLeaf(read: ReadLeaf): Leaf {
    const path = read.path.reduce(kidOf, this.root);
    const { leaves } = path;
    const known = leaves instanceof Map ? leaves.get(textOf(read)) : leaves.find((leaf) => isSame(leaf, read));
    const leaf = known ?? newLeaf(path, read);
    if (!known) remember(leaf);
    leaf.uses++;
    return leaf;
  }
}

function newPath(key: string, parent: Path | null): Path {
  return { key, parent, depth: parent ? parent.depth + 1 : 0, kids: [], leaves: [], found: null };
}

function kidOf(parent: Path, key: string): Path {
  const { kids } = parent;
  const known = kids instanceof Map ? kids.get(key) : kids.find((kid) => kid.key === key);
  if (known) return known;
  const kid = newPath(key, parent);
  if (kids instanceof Map) kids.set(key, kid);
  else if (kids.length < fewKids) parent.kids = kids.concat(kid);
  else parent.kids = new Map([...kids, kid].map((each) => [each.key, each]));
  return kid;
}

function newLeaf(path: Path, { tests, absent }: ReadLeaf): Leaf {
  const values = tests.length > fewValues ? new Set(tests.filter((test) => !isRecord(test))) : null;
  const few = tests.length === 1 ? (tests[0] as Test) : [...tests];
  return { path, tests: few, values, absent, uses: 0, verdict: 0 };
}

function remember(leaf: Leaf): void {
  const { path } = leaf;
  const { leaves } = path;
  if (leaves instanceof Map) leaves.set(textOf(leaf), leaf);
  else if (leaves.length < fewLeaves) path.leaves = leaves.concat(leaf);
  else path.leaves = new Map([...leaves, leaf].map((each) => [textOf(each), each]));
}

function forget(leaf: Leaf): void {
  const { path } = leaf;
  if (path.leaves instanceof Map) path.leaves.delete(textOf(leaf));
  else path.leaves = path.leaves.filter((other) => other !== leaf);
  for (let at = path; at.parent && sizeOf(at.leaves) + sizeOf(at.kids) === 0; at = at.parent) dropKid(at.parent, at);
}

function dropKid(parent: Path, kid: Path): void {
  if (parent.kids instanceof Map) parent.kids.delete(kid.key);
  else parent.kids = parent.kids.filter((other) => other !== kid);
}

const sizeOf = (all: readonly unknown[] | ReadonlyMap<string, unknown>): number =>
  'size' in all ? all.size : all.length;

type Tested = Pick<Leaf, 'tests' | 'absent'>;

function isSame(leaf: Leaf, read: ReadLeaf): boolean {
  const { tests } = leaf;
  if (leaf.absent !== read.absent) return false;
  if (!isList(tests)) return read.tests.length === 1 && isSameTest(tests, read.tests[0]);
  return tests.length === read.tests.length && tests.every((test, at) => isSameTest(test, read.tests[at]));
}

/** Only operators are worth a text; most tests are plain values. */
const isSameTest = (a: Test, b: Test | undefined): boolean =>
  a === b || (isRecord(a) && isRecord(b) && a.op === b.op && JSON.stringify(a) === JSON.stringify(b));

/** JSON writes an infinite bound as null, which no other bound is. */
const textOf = (tested: Tested): string => JSON.stringify([tested.absent, testsOf(tested)]);
