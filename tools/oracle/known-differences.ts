// Where we differ from Amazon's engine on purpose: each with the reason, an example that is asked of both, and for differences
// that random cases run into, which cases those are. README.md of libs/rules says the same to whoever writes rules.
import type { Case, Fields } from './cases.ts';

export interface KnownDifference {
  name: string;
  why: string;
  /** On the payload, as everything here. */
  conditions: Fields;
  payload: Fields;
  /** It varies where the same question gets this answer one time and another the next. */
  theirs: 'match' | 'none' | 'refused' | 'varies';
  ours: 'match' | 'none' | 'refused';
  /** Whether a random case may differ for this reason. */
  covers?: (one: Case) => boolean;
}

export const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'a field inside and outside a $or',
    why: 'There the later list of tests replaces the earlier one; here both have to pass, as everything beside a $or has to.',
    conditions: { a: ['x'], $or: [{ a: [{ prefix: 'y' }] }, { b: [1] }] },
    payload: { a: 'y' },
    theirs: 'match',
    ours: 'none',
    covers: ({ conditions }) => waysOf(conditions).some((way) => new Set(way.map(nameOf)).size < way.length),
  },
  {
    name: 'absence from an element that a later field chooses',
    why: 'There fields are tried in the order of their names, so that an absent one sees only what those before it chose.',
    conditions: { items: { refund: [{ exists: false }], sku: ['s1'] } },
    payload: { items: [{ sku: 's1' }, { sku: 's2', refund: 1 }] },
    theirs: 'none',
    ours: 'match',
    covers: ({ conditions, payload }) =>
      waysOf(conditions).some((way) => way.some((leaf) => seesTooMuch(leaf, way, payload))),
  },
  {
    name: 'absence beside a test that an earlier alternative has too',
    why: 'There the rule is lost in the machine when the shared test comes first; with the alternatives exchanged it matches.',
    conditions: { $or: [{ a: [0] }, { a: [0, { exists: false }] }] },
    payload: { b: 1 },
    theirs: 'none',
    ours: 'match',
    covers: ({ conditions }) => waysOf(conditions).some((way, at, ways) => losesAbsence(way, ways.slice(0, at))),
  },
  {
    name: 'a text before a range, and more texts after it',
    why: 'There the text is lost in the machine at times, as chance has it, when the tests come in this order.',
    conditions: { a: ['a', { numeric: ['<', 6] }, 'c', 'd'] },
    payload: { a: 'a' },
    theirs: 'varies',
    ours: 'match',
    covers: ({ conditions }) => waysOf(conditions).flat().some(losesText),
  },
  {
    name: 'a wildcard beside other tests of the field',
    why: 'There it may be lost in the machine that all tests of a field share, or the others be; alone it matches.',
    conditions: { a: [{ wildcard: '*ébé' }, { 'anything-but': { 'equals-ignore-case': ['x', ''] } }] },
    payload: { a: 'ab' },
    theirs: 'none',
    ours: 'match',
    covers: ({ conditions }) => waysOf(conditions).flat().some(isWildcardAmongOthers),
  },
  {
    name: 'a key with a dot',
    why: 'There keys are joined by dots and may meet a nested field; their own documents advise against relying on it.',
    conditions: { 'a.b': ['x'] },
    payload: { a: { b: 'x' } },
    theirs: 'match',
    ours: 'none',
  },
  {
    name: 'a block of addresses of the other version',
    why: 'There the bits of both versions are compared alike.',
    conditions: { a: [{ cidr: '0.0.0.0/0' }] },
    payload: { a: '2001:db8::1' },
    theirs: 'match',
    ours: 'none',
  },
  {
    name: 'a block of one address',
    why: 'It says plainly what is meant.',
    conditions: { a: [{ cidr: '10.0.0.1/32' }] },
    payload: { a: '10.0.0.1' },
    theirs: 'refused',
    ours: 'match',
  },
  {
    name: 'an IPv4 address in IPv6 form, the last part written as IPv4',
    why: 'It is the same address as in the other forms, which both take.',
    conditions: { a: [{ cidr: '10.0.0.0/8' }] },
    payload: { a: '::ffff:10.1.2.3' },
    theirs: 'none',
    ours: 'match',
  },
  {
    name: 'an address with leading zeros',
    why: 'Some programs read them as octal, so that nobody can know which address is meant.',
    conditions: { a: [{ cidr: '10.0.0.0/8' }] },
    payload: { a: '010.0.0.1' },
    theirs: 'match',
    ours: 'none',
  },
  {
    name: 'a value that is an address, written otherwise',
    why: 'A value is compared as it stands; for an address there is cidr.',
    conditions: { a: ['10.0.0.1'] },
    payload: { a: '10.0.0.01' },
    theirs: 'match',
    ours: 'none',
  },
  {
    name: 'letters of more than one small or capital form',
    why: 'There only the forms of the text in the rule are tried; here being the same ignoring case goes both ways.',
    conditions: { a: [{ 'equals-ignore-case': 'σ' }] },
    payload: { a: 'ς' },
    theirs: 'none',
    ours: 'match',
  },
  {
    name: 'characters beyond the first 65,536, ignoring case',
    why: 'There they match nothing, not even themselves.',
    conditions: { a: [{ 'equals-ignore-case': '😀' }] },
    payload: { a: '😀' },
    theirs: 'none',
    ours: 'match',
  },
  {
    name: 'a quotation mark before or after an empty text',
    why: 'There texts are compared with the quotation marks around them.',
    conditions: { a: [{ prefix: '"' }] },
    payload: { a: '' },
    theirs: 'match',
    ours: 'none',
  },
  {
    name: 'two bounds in the other order, or the same number',
    why: 'Both say plainly what is meant.',
    conditions: { a: [{ numeric: ['<=', 5, '>=', 5] }] },
    payload: { a: 5 },
    theirs: 'refused',
    ours: 'match',
  },
  {
    name: 'anything but a mixed list, true, false or null',
    why: 'What an event may have, a rule may exclude.',
    conditions: { a: [{ 'anything-but': ['x', 5, null] }] },
    payload: { a: true },
    theirs: 'refused',
    ours: 'match',
  },
  {
    name: 'exactly',
    why: 'An operator of theirs that no document mentions; the value itself says the same.',
    conditions: { a: [{ exactly: 'x' }] },
    payload: { a: 'x' },
    theirs: 'match',
    ours: 'refused',
  },
  {
    name: 'a $or that is no choice',
    why: 'There it is a field called $or; that is never what is meant.',
    conditions: { $or: { a: ['x'] } },
    payload: { $or: { a: 'x' } },
    theirs: 'match',
    ours: 'refused',
  },
];

interface Leaf {
  path: string[];
  tests: unknown[];
}

/** All ways to take one alternative of each choice. */
function waysOf(conditions: Fields, path: string[] = []): Leaf[][] {
  return Object.entries(conditions).reduce<Leaf[][]>(
    (ways, [key, value]) => {
      const more = waysOfField(key, value, path);
      return ways.flatMap((way) => more.map((one) => [...way, ...one]));
    },
    [[]],
  );
}

function waysOfField(key: string, value: unknown, path: string[]): Leaf[][] {
  if (key === '$or') return (value as Fields[]).flatMap((alternative) => waysOf(alternative, path));
  if (Array.isArray(value)) return [[{ path: [...path, key], tests: value }]];
  return waysOf(value as Fields, [...path, key]);
}

const nameOf = ({ path }: Leaf): string => path.join('.');

const takesAbsence = ({ tests }: Leaf): boolean => tests.some((test) => isObject(test) && test['exists'] === false);
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a leaf of this way takes absence, and has a test that a leaf of an earlier way has at the same place. */
function losesAbsence(way: readonly Leaf[], earlier: readonly Leaf[][]): boolean {
  const texts = ({ tests }: Leaf): string[] => tests.map((test) => JSON.stringify(test));
  const others = earlier.flat();
  return way
    .filter(takesAbsence)
    .some((leaf) =>
      others.some((other) => nameOf(other) === nameOf(leaf) && texts(other).some((text) => texts(leaf).includes(text))),
    );
}

function losesText({ tests }: Leaf): boolean {
  const range = tests.findIndex((test) => isObject(test) && 'numeric' in test);
  return tests.length > 2 && tests.slice(0, Math.max(0, range)).some((test) => typeof test === 'string');
}

const isWildcardAmongOthers = ({ tests }: Leaf): boolean =>
  tests.length > 1 && JSON.stringify(tests).includes('"wildcard"');

/** Whether a leaf that takes absence shares an array with one whose name comes after its own. */
function seesTooMuch(leaf: Leaf, way: readonly Leaf[], payload: Fields): boolean {
  if (!takesAbsence(leaf)) return false;
  return way.some((other) => nameOf(other) > nameOf(leaf) && shareArray(leaf.path, other.path, [payload]));
}

function shareArray([first, ...rest]: string[], [other, ...others]: string[], values: readonly unknown[]): boolean {
  if (first === undefined || first !== other) return false;
  const below = values.flatMap((value) => (isObject(value) ? [value[first]] : []));
  if (below.some((value) => Array.isArray(value) && value.length > 1)) return true;
  return shareArray(rest, others, below.flat(64));
}
