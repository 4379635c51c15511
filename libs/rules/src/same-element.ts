// Tests of one rule that lead through one array have to be passed by one element of it, not each by another.
import { limits } from './limits.ts';
import type { Branch, Leaf, Path } from './paths.ts';
import { isScalar, type Scalar } from './pattern.ts';
import { ownValue, type Found, type Reading } from './reading.ts';
import { costOf, holds, stepsOf, valuePasses } from './tests.ts';

/** The fields of one way through a rule's choices, as a tree. */
interface Fields {
  key: string;
  leaves: Leaf[];
  kids: Fields[];
}

/**
 * How fields hold within one element: not at all, only by being absent, or by something that is there. An element counts as
 * chosen when something in it holds; fields that have to be absent then have to be absent there, otherwise everywhere.
 */
const fails = 0;
const holdsEmpty = 1;
const holdsHere = 2;
type Holding = typeof fails | typeof holdsEmpty | typeof holdsHere;

/** The fields that two leaves of a rule have in common, on their way or at its end, below the payload. */
export function sharedPaths(branch: Branch): Path[] {
  const seen = new Map<Path, number>();
  for (const leaf of leavesOf(branch)) {
    for (let at: Path | null = leaf.path; at && at.depth > 1; at = at.parent) seen.set(at, (seen.get(at) ?? 0) + 1);
  }
  return [...seen].filter(([, leaves]) => leaves > 1).map(([path]) => path);
}

function leavesOf({ leaves, choices }: Branch): Leaf[] {
  return [...leaves, ...choices.flat().flatMap(leavesOf)];
}

/** Whether one element of each array can be chosen so that everything holds together. A rule that takes too long does not hold. */
export function holdsTogether(branch: Branch, reading: Reading): boolean {
  const together = new Together(reading);
  const isSo = together.holds([branch], []);
  if (together.isOver) reading.isCutShort = true;
  return isSo && !together.isOver;
}

class Together {
  private readonly reading: Reading;
  private readonly stepsMax: number;
  /** The value that is being tried: there are many, and each is tried once. */
  private readonly one: Found = { values: [null], objects: [], isSpread: false, forms: null };

  constructor(reading: Reading) {
    this.reading = reading;
    this.stepsMax = reading.steps + limits.sameElementSteps;
  }

  /** Takes one branch after the other, of each choice every alternative in turn, and tries what comes out. */
  holds(branches: readonly Branch[], leaves: readonly Leaf[]): boolean {
    const [branch, ...others] = branches;
    if (!branch) return this.inElement(fieldsOf(leaves), this.reading.event) !== fails;
    if (branch.leaves.some((leaf) => !mayHold(leaf, this.reading))) return false;
    const all = [...leaves, ...branch.leaves];
    const [choice, ...rest] = branch.choices;
    if (!choice) return this.holds(others, all);
    const later = { leaves: [], choices: rest };
    return choice.some((alternative) => this.holds([alternative, later, ...others], all));
  }

  get isOver(): boolean {
    return this.reading.steps > this.stepsMax || this.reading.isExhausted;
  }

  private inElement({ kids }: Fields, element: object): Holding {
    let holding: Holding = holdsEmpty;
    for (const kid of kids) {
      const one = this.inValue(kid, ownValue(element, kid.key), 0);
      if (one === fails) return fails;
      if (one === holdsHere) holding = holdsHere;
    }
    return holding;
  }

  private inValue(fields: Fields, value: unknown, nesting: number): Holding {
    this.reading.steps++;
    if (this.isOver) return fails;
    if (Array.isArray(value)) return this.inArray(fields, value, nesting);
    if (isScalar(value)) return this.inScalar(fields, value);
    if (fields.leaves.some((leaf) => !leaf.absent)) return fails;
    if (typeof value === 'object') return this.inElement(fields, value);
    return mayBeAbsent(fields) ? holdsEmpty : fails;
  }

  private inScalar({ leaves, kids }: Fields, value: Scalar): Holding {
    if (!kids.every(mayBeAbsent)) return fails;
    for (const leaf of leaves) if (!this.passes(leaf, value)) return fails;
    return leaves.length > 0 ? holdsHere : holdsEmpty;
  }

  private inArray(fields: Fields, elements: unknown[], nesting: number): Holding {
    if (nesting === limits.arrayNesting) return mayBeAbsent(fields) ? holdsEmpty : fails;
    const scalars = elements.filter(isScalar);
    // Values that stand in the array itself need no element to be chosen: fields that they satisfy are done with.
    const open = fields.leaves.filter((leaf) => !scalars.some((value) => this.passes(leaf, value)));
    const here: Holding = open.length < fields.leaves.length ? holdsHere : holdsEmpty;
    if (open.length === 0 && fields.kids.length === 0) return here;
    const left: Fields = { ...fields, leaves: scalars.length > 0 ? open.map(present) : open };
    let allEmpty = mayBeAbsent(left);
    for (const element of elements) {
      if (typeof element !== 'object' || element === null) continue;
      const holding = this.inValue(left, element, nesting + 1);
      if (holding === holdsHere) return holdsHere;
      if (holding === fails) allEmpty = false;
      if (this.isOver) return fails;
    }
    return allEmpty ? here : fails;
  }

  private passes(leaf: Leaf, value: Scalar): boolean {
    this.reading.steps += stepsOf(costOf(leaf), value);
    this.one.values[0] = value;
    this.one.forms = null;
    return !this.isOver && valuePasses(leaf, this.one, 0);
  }
}

/** What holds for the event as a whole, or could in one of its elements. */
export const mayHold = (leaf: Leaf, reading: Reading): boolean =>
  holds(leaf, reading) || (leaf.absent && reading.at(leaf.path).isSpread);

/** The same tests once it is known that the field is there. */
const present = (leaf: Leaf): Leaf => ({ ...leaf, absent: false });

const mayBeAbsent = ({ leaves, kids }: Fields): boolean =>
  leaves.every((leaf) => leaf.absent) && kids.every(mayBeAbsent);

function fieldsOf(leaves: readonly Leaf[]): Fields {
  const root: Fields = { key: '', leaves: [], kids: [] };
  for (const leaf of leaves) fieldAt(root, leaf.path).leaves.push(leaf);
  return root;
}

function fieldAt(root: Fields, path: Path): Fields {
  if (path.parent === null) return root;
  const above = fieldAt(root, path.parent);
  let fields = above.kids.find(({ key }) => key === path.key);
  if (!fields) {
    fields = { key: path.key, leaves: [], kids: [] };
    above.kids.push(fields);
  }
  return fields;
}
