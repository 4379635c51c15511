// The operators of the language: how each is written, and what it is once read.
import { blockBits } from './address.ts';
import { numericRange } from './numeric.ts';
import { isRecord, isScalar, type Operator, type Scalar, type Test } from './pattern.ts';
import { fold } from './text-case.ts';
import { wildcardParts } from './wildcard.ts';

/** Takes note of a problem at a place of the conditions. */
export type Report = (at: string, msg: string) => undefined;

type Reader = (written: unknown, at: string, report: Report) => Operator | undefined;

const ignoreCase = 'equals-ignore-case';

/** By name. `exists: false` is no test of a value: whoever reads the list of a field sees to it. */
const readers: Readonly<Record<string, Reader>> = {
  prefix: readAffix('prefix'),
  suffix: readAffix('suffix'),
  [ignoreCase]: (written, at, report) =>
    typeof written === 'string' ? { op: ignoreCase, text: fold(written) } : report(at, 'must be a string'),
  wildcard: readWildcard,
  numeric(written, at, report) {
    const read = numericRange(written);
    return 'reason' in read ? report(at, read.reason) : read;
  },
  cidr(written, at, report) {
    const read = blockBits(typeof written === 'string' ? written : '');
    return 'reason' in read ? report(at, read.reason) : { op: 'cidr', bits: read.bits };
  },
  exists: (written, at, report) =>
    typeof written === 'boolean' ? { op: 'exists' } : report(at, 'must be true or false'),
  'anything-but': readAnythingBut,
};

export const isOperatorName = (name: string): boolean => Object.hasOwn(readers, name);

/** Reads `{"prefix": "a"}` and its like. */
export function readOperator(written: object, at: string, report: Report): Operator | undefined {
  const [entry, second] = Object.entries(written) as [string, unknown][];
  if (!entry || second) return report(at, 'must have exactly one operator');
  const [name, value] = entry;
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (!reader) {
    return report(at, `has an unknown operator ${JSON.stringify(name)}; there are ${Object.keys(readers).join(', ')}`);
  }
  return reader(value, `${at}.${name}`, report);
}

function readAffix(op: 'prefix' | 'suffix'): Reader {
  return (written, at, report) => {
    if (typeof written === 'string') return { op, text: written };
    const text = isRecord(written) && Object.keys(written).length === 1 ? written[ignoreCase] : undefined;
    if (typeof text === 'string') return { op: `${op}-ignore-case`, text: fold(text) };
    return report(at, `must be a string, or {"${ignoreCase}": a string}`);
  };
}

function readWildcard(written: unknown, at: string, report: Report): Operator | undefined {
  if (typeof written !== 'string') return report(at, 'must be a string');
  const read = wildcardParts(written);
  return 'reason' in read ? report(at, read.reason) : { op: 'wildcard', parts: read.parts };
}

/** What `anything-but` may be of, besides values. */
const negatable = ['prefix', 'suffix', 'wildcard', ignoreCase];

function readAnythingBut(written: unknown, at: string, report: Report): Operator | undefined {
  const [entry, second] = isRecord(written) ? Object.entries(written) : [];
  if (!isRecord(written)) return negation(listOf(written), at, { report, readOne: readValue });
  if (!entry || second || !negatable.includes(entry[0])) {
    return report(at, `must be a value, a list of values, or exactly one of ${negatable.join(', ')}`);
  }
  const [name, value] = entry;
  return negation(listOf(value), `${at}.${name}`, {
    report,
    readOne: (one, place) => readNegated(name, { value: one, at: place }, report),
  });
}

interface NegationReader {
  report: Report;
  readOne: (written: unknown, at: string, report: Report) => Test | undefined;
}

function negation(written: unknown[], at: string, { report, readOne }: NegationReader): Operator | undefined {
  if (written.length === 0) return report(at, 'must not be an empty list');
  const tests: Test[] = [];
  for (const [index, one] of written.entries()) {
    const test = readOne(one, written.length === 1 ? at : `${at}[${index}]`, report);
    if (test === undefined) return undefined;
    tests.push(test);
  }
  return { op: 'anything-but', tests };
}

/** The operator on one text of a list. An empty prefix or suffix would leave no text at all. */
function readNegated(name: string, { value, at }: { value: unknown; at: string }, report: Report): Test | undefined {
  if (typeof value !== 'string') return report(at, 'must be a string');
  if (value === '' && (name === 'prefix' || name === 'suffix')) return report(at, 'must not be empty');
  return readers[name]?.(value, at, report);
}

/** A value as it stands. */
export function readValue(written: unknown, at: string, report: Report): Scalar | undefined {
  if (isScalar(written) && !(typeof written === 'number' && !Number.isFinite(written))) return written;
  return report(at, 'must be a string, a number, true, false or null');
}

const listOf = (written: unknown): unknown[] => (Array.isArray(written) ? written : [written]);

/** How many values a test compares with. */
export const literalsOf = (test: Test): number =>
  isRecord(test) && test.op === 'anything-but' ? test.tests.length : 1;
