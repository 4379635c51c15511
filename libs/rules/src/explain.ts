// Why a rule matches an event or not, test by test, so that a person sees what would have to be different.
import { checkConditions } from './check-conditions.ts';
import { judge } from './judge.ts';
import { limits } from './limits.ts';
import { Paths, type Branch, type Leaf, type Path } from './paths.ts';
import type { ReadBranch, ReadChoice, ReadLeaf, Scalar } from './pattern.ts';
import { ownLeaves, readRule, type Matcher } from './read-rule.ts';
import { envelope, Reading, type EventNames } from './reading.ts';
import { mayHold, sharedPaths } from './same-element.ts';
import { holds } from './tests.ts';

export interface Explanation {
  matched: boolean;
  leaves: ExplainedLeaf[];
  /** How many tests would have to pass that do not; of a `$or`, in the alternative that comes closest. 0 when it matched. */
  failed: number;
}

export interface ExplainedLeaf {
  /** Where the test stands in the conditions, `payload.$or[1].score`, or which setting of the rule it is. */
  path: string;
  /** The test as JSON; a sentence as JSON where it is about several tests together. */
  test: string;
  /** What the event has there: a value, the first few of several, `{…}` for an object; missing where it has nothing. */
  value?: unknown;
  ok: boolean;
}

type Explained = Pick<Explanation, 'leaves' | 'failed'>;

/** A long text is cut, and of many values the first are shown. */
const shownChars = 200;
const shownValues = 10;

/** Says of each test of a rule whether it holds for an event. Agrees with what `RuleBook` makes of the rule. */
export function explain(rule: Matcher, event: EventNames, payload: Record<string, unknown>): Explanation {
  const read = readRule(rule);
  const tried = tryTests(read ?? { leaves: ownLeaves(rule), choices: [] }, envelope(event, payload));
  const leaves = [{ path: 'active', test: 'true', value: rule.active, ok: rule.active }, ...tried.leaves];
  let failed = tried.failed + (rule.active ? 0 : 1);
  if (!read) {
    leaves.push({ path: 'conditions', test: '"sound"', value: problemOf(rule), ok: false });
    failed++;
  }
  return { matched: failed === 0, leaves, failed };
}

function problemOf({ conditions }: Matcher): string {
  try {
    const [problem] = checkConditions(JSON.parse(conditions ?? 'null'));
    return problem ? `${problem.param} ${problem.msg}` : 'conditions are too long';
  } catch {
    return 'conditions must be JSON';
  }
}

/** How one event is looked at. */
interface Trial {
  reading: Reading;
  leafHolds: (leaf: Leaf, reading: Reading) => boolean;
}

function tryTests(read: ReadBranch, event: object): Explained {
  const branch = new Paths().take(read);
  const rule = { ...branch, shared: sharedPaths(branch) };
  const reading = new Reading(event, limits.stepsPerEvent);
  const isMatch = judge(rule, reading) && !reading.isExhausted;
  const isTooLong = reading.isExhausted || reading.isCutShort;
  const spread = rule.shared.filter((path) => reading.at(path).isSpread);
  // Where elements have to be chosen, a field may be absent from the chosen one and present in another.
  const trial = { reading, leafHolds: spread.length > 0 ? mayHold : holds };
  const { leaves, failed } = tryBranch(read, branch, trial);
  if (isTooLong) return { leaves: [...leaves, tooLong(reading)], failed: failed + 1 };
  if (spread.length === 0 || failed > 0) return { leaves, failed };
  return {
    leaves: [...leaves, ...spread.filter(isTopmost).map((path) => together(path, isMatch))],
    failed: isMatch ? 0 : 1,
  };
}

function tooLong({ isExhausted }: Reading): ExplainedLeaf {
  const steps = isExhausted ? limits.stepsPerEvent : limits.sameElementSteps;
  return { path: 'payload', test: `"within ${steps} steps"`, ok: false };
}

/** Whether all tests that lead through this array are passed by one element of it. */
const together = (path: Path, ok: boolean): ExplainedLeaf => ({
  path: nameOf(path),
  test: '"by the same element"',
  ok,
});

const isTopmost = ({ parent }: Path, _at: number, all: readonly Path[]): boolean =>
  parent === null || !all.includes(parent);

function tryBranch(read: ReadBranch, branch: Branch, trial: Trial): Explained {
  const leaves: ExplainedLeaf[] = [];
  let failed = 0;
  for (const [index, leaf] of branch.leaves.entries()) {
    const line = tryLeaf(read.leaves[index] as ReadLeaf, leaf, trial);
    leaves.push(line);
    if (!line.ok) failed++;
  }
  for (const [index, alternatives] of branch.choices.entries()) {
    const tried = tryChoice(read.choices[index] as ReadChoice, alternatives, trial);
    leaves.push(...tried.leaves);
    failed += tried.failed;
  }
  return { leaves, failed };
}

function tryLeaf(read: ReadLeaf, leaf: Leaf, { reading, leafHolds }: Trial): ExplainedLeaf {
  const ok = leafHolds(leaf, reading);
  const { values, objects } = reading.at(leaf.path);
  const line = { path: read.at, test: JSON.stringify(read.written), ok };
  if (values.length === 0 && objects.length === 0) return line;
  const shown = [...values.slice(0, shownValues).map(cut), ...objects.slice(0, 1).map(() => '{…}')];
  if (values.length > shownValues) shown.push('…');
  return { ...line, value: shown.length === 1 ? shown[0] : shown };
}

const cut = (value: Scalar): Scalar =>
  typeof value === 'string' && value.length > shownChars ? `${value.slice(0, shownChars)}…` : value;

/** A line on which alternative comes closest, then the tests of all. */
function tryChoice({ at, alternatives }: ReadChoice, branches: readonly Branch[], trial: Trial): Explained {
  const tried = branches.map((branch, index) => tryBranch(alternatives[index] as ReadBranch, branch, trial));
  const failed = Math.min(...tried.map((one) => one.failed));
  const closest = tried.findIndex((one) => one.failed === failed);
  const tests = failed === 1 ? '1 test' : `${failed} tests`;
  const value = failed === 0 ? `${at}[${closest}] holds` : `${at}[${closest}] comes closest: ${tests} failed`;
  const line = { path: at, test: JSON.stringify(`one of ${branches.length} alternatives`), value, ok: failed === 0 };
  return { leaves: [line, ...tried.flatMap((one) => one.leaves)], failed };
}

function nameOf({ key, parent }: Path): string {
  return parent === null || parent.parent === null ? key : `${nameOf(parent)}.${key}`;
}
