// Whether what an event has passes a field's tests.
import { isWithin } from './numeric.ts';
import { isList, type Leaf } from './paths.ts';
import type { Operator, Scalar, Test } from './pattern.ts';
import { formOf, type Found, type Reading } from './reading.ts';
import { searchedParts, wildcardMatches } from './wildcard.ts';

/** A comparison is cheaper than a step, and so is a character that is searched through. */
const comparisonsPerStep = 8;
const charsPerStep = 8;

/** Whether one of the values passes one of the leaf's tests, or there is none and the leaf takes that. Tried once an event. */
export function holds(leaf: Leaf, reading: Reading): boolean {
  reading.steps++;
  if (leaf.verdict !== 0) return leaf.verdict === 2;
  const found = reading.at(leaf.path);
  return reading.keep(leaf, found.values.length === 0 ? leaf.absent : someValuePasses(leaf, found, reading));
}

function someValuePasses(leaf: Leaf, found: Found, reading: Reading): boolean {
  const cost = costOf(leaf);
  for (let at = 0; at < found.values.length && !reading.isExhausted; at++) {
    reading.steps += stepsOf(cost, found.values[at]);
    if (valuePasses(leaf, found, at)) return true;
  }
  return false;
}

/** Whether one value passes one of the leaf's tests. */
export function valuePasses({ tests, values }: Leaf, found: Found, at: number): boolean {
  if (!isList(tests)) return testPasses(tests, found, at);
  if (values?.has(found.values[at] as Scalar)) return true;
  for (const test of tests) if (testPasses(test, found, at)) return true;
  return false;
}

/** What trying one value comes to. */
interface Cost {
  /** Tests, one for each of their values. */
  comparisons: number;
  /** How often a text is searched through. */
  searches: number;
}

const oneComparison: Cost = { comparisons: 1, searches: 0 };

export function costOf({ tests }: Leaf): Cost {
  if (!isList(tests)) return costOfTest(tests);
  const cost = { comparisons: 0, searches: 0 };
  for (const test of tests) add(costOfTest(test), cost);
  return cost;
}

function costOfTest(test: Test): Cost {
  if (typeof test !== 'object' || test === null) return oneComparison;
  if (test.op === 'wildcard') return { comparisons: 1, searches: searchedParts(test.parts) };
  if (test.op !== 'anything-but') return oneComparison;
  const cost = { comparisons: 0, searches: 0 };
  for (const not of test.tests) add(costOfTest(not), cost);
  return cost;
}

function add(more: Cost, to: Cost): void {
  to.comparisons += more.comparisons;
  to.searches += more.searches;
}

/** The steps of trying a value; the same whether or not it passes. */
export function stepsOf({ comparisons, searches }: Cost, value: Scalar | undefined): number {
  const searched = searches > 0 && typeof value === 'string' ? searches * value.length : 0;
  return 1 + Math.floor(comparisons / comparisonsPerStep + searched / charsPerStep);
}

function testPasses(test: Test, found: Found, at: number): boolean {
  const value = found.values[at] as Scalar;
  if (typeof test !== 'object' || test === null) return test === value;
  if (test.op === 'anything-but') return !test.tests.some((not) => testPasses(not, found, at));
  if (test.op === 'exists') return true;
  if (test.op === 'numeric') return typeof value === 'number' && isWithin(test, value);
  return typeof value === 'string' && textPasses(test, value, { found, at });
}

/** Which value of which field it is, so that its other forms are made once. */
interface Which {
  found: Found;
  at: number;
}

type TextOperator = Exclude<Operator, { op: 'anything-but' | 'exists' | 'numeric' }>;

function textPasses(test: TextOperator, text: string, { found, at }: Which): boolean {
  switch (test.op) {
    case 'prefix':
      return text.startsWith(test.text);
    case 'suffix':
      return text.endsWith(test.text);
    case 'wildcard':
      return wildcardMatches(test.parts, text);
    case 'equals-ignore-case':
      return formOf(found, at, 'folded') === test.text;
    case 'prefix-ignore-case':
      return formOf(found, at, 'folded')?.startsWith(test.text) === true;
    case 'suffix-ignore-case':
      return formOf(found, at, 'folded')?.endsWith(test.text) === true;
    case 'cidr':
      return formOf(found, at, 'address')?.startsWith(test.bits) === true;
  }
}
