// What is sound in conditions and yet seldom meant: warnings for whoever writes a rule.
import type { Problem } from '@sluice/contracts';
import { isOperatorName } from './operators.ts';
import { isRecord, type ReadBranch, type ReadLeaf } from './pattern.ts';
import { readConditions } from './read-conditions.ts';

/** Warnings; none where the conditions are not sound, since those have problems first. Takes anything, never throws. */
export function lintConditions(conditions: unknown): Problem[] {
  const { branch, problems } = readConditions(conditions);
  return problems.length > 0 ? [] : lintBranch(branch, new Set());
}

function lintBranch({ leaves, choices }: ReadBranch, outside: ReadonlySet<string>): Problem[] {
  const here = leaves.map(({ path }) => JSON.stringify(path));
  const warnings = leaves.flatMap((leaf, index) => [
    ...lintLeaf(leaf),
    ...(outside.has(here[index] ?? '') ? [warning(leaf, besideChoice)] : []),
  ]);
  const beside = new Set([...outside, ...here]);
  const inside = choices.flatMap(({ alternatives }) => alternatives.flatMap((each) => lintBranch(each, beside)));
  return [...warnings, ...inside];
}

const besideChoice =
  'is also tested outside this $or, so both tests have to pass; Amazon EventBridge would let one of them replace the other';

const warning = ({ at }: ReadLeaf, msg: string): Problem => ({ param: `conditions.${at}`, msg });

function lintLeaf(leaf: ReadLeaf): Problem[] {
  return [...aboutKeys(leaf), ...aboutValues(leaf), ...aboutLists(leaf)].map((msg) => warning(leaf, msg));
}

function* aboutKeys({ path }: ReadLeaf): Iterable<string> {
  const operator = path.find(isOperatorName);
  if (operator !== undefined) {
    yield `reads a field that is called ${operator}; an operator stands in a list, as in [{"${operator}": …}]`;
  }
  const dotted = path.find((key) => key.includes('.'));
  if (dotted !== undefined) {
    yield `reads one field that is called ${JSON.stringify(dotted)}; fields within fields are written as objects`;
  }
}

function* aboutValues({ path, written }: ReadLeaf): Iterable<string> {
  const isName = path[0] !== 'payload';
  for (const value of written) {
    if (isRecord(value)) continue;
    if (typeof value === 'string' && value.includes('*')) {
      yield `compares with ${JSON.stringify(value)} as it stands; for any text in place of the star write {"wildcard": …}`;
    }
    if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      yield `compares with ${value}, which is too large to be told apart from its neighbours; such numbers belong in texts`;
    }
    if (isName && typeof value !== 'string') yield `is always a text and never ${JSON.stringify(value)}`;
  }
}

function* aboutLists({ written, absent, tests }: ReadLeaf): Iterable<string> {
  const isPresence = tests.some((test) => isRecord(test) && test.op === 'exists');
  if (isPresence && absent) yield 'holds always: the field exists or it does not';
  else if (isPresence && tests.length > 1) yield 'holds whenever the field exists, whatever the other tests say';
  if (tests.filter((test) => isRecord(test) && test.op === 'anything-but').length > 1) {
    yield 'has several anything-but, of which one is enough: that takes nearly everything; one anything-but with a list takes none of it';
  }
  const texts = written.map((one) => JSON.stringify(one));
  if (new Set(texts).size < texts.length) yield 'has the same test twice';
}
