// Reads conditions into alternatives of fields with tests, and says everything that is wrong with them. Never throws.
import type { Problem } from '@sluice/contracts';
import { limits } from './limits.ts';
import { isOperatorName, literalsOf, readOperator, readValue } from './operators.ts';
import { isRecord, type ReadBranch, type ReadChoice, type ReadLeaf, type Test } from './pattern.ts';
import { utf8Bytes } from './utf8-bytes.ts';

export interface ReadConditions {
  /** What could be read; complete only where there is no problem. */
  branch: ReadBranch;
  problems: Problem[];
}

/** Where the fields of an event are: its own three, and everything in its payload. */
const ownFields = ['type', 'resource', 'resource_id'];
const forbiddenKeys = ['__proto__', 'constructor', 'prototype'];

/** Reads what JSON.parse made of a rule's conditions; null and undefined take every event. */
export function readConditions(conditions: unknown): ReadConditions {
  const reader = new Reader();
  try {
    if (conditions !== null && conditions !== undefined) reader.read(conditions);
  } catch {
    // Only what no JSON text can make comes here: circles, getters that throw, nesting beyond the stack.
    reader.report('conditions', 'must be JSON');
  }
  return { branch: reader.branch, problems: reader.problems };
}

/** Where the reader stands. */
interface Place {
  /** For people: `conditions.payload.$or[1]`. */
  at: string;
  /** Keys from the event down to here. */
  path: string[];
  /** Keys on the way, `$or` counted. */
  depth: number;
  isAlternative: boolean;
}

class Reader {
  readonly problems: Problem[] = [];
  branch: ReadBranch = { leaves: [], choices: [] };
  private leaves = 0;

  readonly report = (param: string, msg: string): undefined => {
    if (this.problems.length < limits.problems) this.problems.push({ param, msg });
  };

  read(conditions: unknown): void {
    if (!isRecord(conditions)) return this.report('conditions', 'must be an object');
    const bytes = utf8Bytes(JSON.stringify(conditions));
    if (bytes > limits.conditionsBytes) {
      return this.report('conditions', `may have ${limits.conditionsBytes} bytes of JSON at most; it has ${bytes}`);
    }
    this.readObject(conditions, { at: 'conditions', path: [], depth: 0, isAlternative: false }, this.branch);
    if (this.leaves > limits.leaves) {
      this.report('conditions', `may test ${limits.leaves} fields at most; it tests ${this.leaves}`);
    }
    const combinations = combinationsOf(this.branch);
    if (combinations > limits.conjunctions) {
      this.report(
        'conditions',
        `may combine its $or lists in ${limits.conjunctions} ways at most; it does in ${combinations}`,
      );
    }
  }

  private readObject(written: Record<string, unknown>, place: Place, into: ReadBranch): void {
    const entries = Object.entries(written);
    if (entries.length === 0) {
      const instead = place.depth === 0 ? '; leave the conditions out to take every event of the type' : '';
      this.report(place.at, `must not be empty${instead}`);
    }
    for (const [key, value] of entries) {
      const at = `${place.at}${keyText(key)}`;
      if (place.depth === limits.depth) {
        this.report(at, `stands too deep; conditions may be nested ${limits.depth} keys deep at most`);
      } else if (key === '$or') {
        this.readChoice(value, { ...place, at, depth: place.depth + 1 }, into);
      } else if (this.mayBeKey(key, place, at)) {
        this.readField(value, { at, path: [...place.path, key], depth: place.depth + 1, isAlternative: false }, into);
      }
    }
  }

  private mayBeKey(key: string, place: Place, at: string): boolean {
    const isTop = place.path.length === 0;
    if (forbiddenKeys.includes(key)) this.report(at, 'is a key that is not allowed');
    else if (isTop && key !== 'payload' && !ownFields.includes(key)) {
      this.report(at, 'is not a field of events; there are type, resource, resource_id, payload and $or');
    } else if (place.isAlternative && isOperatorName(key)) {
      this.report(at, 'is an operator, and an alternative holds fields; write the operator in the list of a field');
    } else return true;
    return false;
  }

  private readField(value: unknown, place: Place, into: ReadBranch): void {
    const [top] = place.path;
    const isTop = place.path.length === 1;
    if (Array.isArray(value)) {
      if (isTop && top === 'payload') this.report(place.at, 'must be an object that names fields of the payload');
      else this.readLeaf(value, place, into);
    } else if (isRecord(value)) {
      if (isTop && top !== 'payload') this.report(place.at, 'must be a list of tests: it is always a text');
      else this.readObject(value, place, into);
    } else {
      this.report(place.at, `must be a list of tests, as in ["a"] or [{"prefix": "a"}], or an object with fields`);
    }
  }

  private readLeaf(written: unknown[], { at, path }: Place, into: ReadBranch): void {
    this.leaves++;
    if (written.length === 0) this.report(at, 'must not be an empty list');
    const leaf: ReadLeaf = { path, at: at.slice('conditions.'.length), tests: [], absent: false, written };
    let literals = 0;
    for (const [index, one] of written.entries()) {
      if (isRecord(one) && one['exists'] === false && Object.keys(one).length === 1) {
        leaf.absent = true;
        literals++;
        continue;
      }
      const test: Test | undefined = isRecord(one)
        ? readOperator(one, `${at}[${index}]`, this.report)
        : readValue(one, `${at}[${index}]`, this.report);
      if (test === undefined) continue;
      literals += literalsOf(test);
      leaf.tests.push(test);
    }
    if (literals > limits.literalsPerLeaf) {
      this.report(at, `may have ${limits.literalsPerLeaf} values at most; it has ${literals}`);
    }
    into.leaves.push(leaf);
  }

  private readChoice(written: unknown, place: Place, into: ReadBranch): void {
    if (!Array.isArray(written) || written.length < 2) {
      return this.report(place.at, 'must be a list of at least two alternatives, each an object');
    }
    const choice: ReadChoice = { at: place.at.slice('conditions.'.length), alternatives: [] };
    for (const [index, one] of (written as unknown[]).entries()) {
      const at = `${place.at}[${index}]`;
      const alternative: ReadBranch = { leaves: [], choices: [] };
      if (isRecord(one)) this.readObject(one, { ...place, at, isAlternative: true }, alternative);
      else this.report(at, 'must be an object');
      choice.alternatives.push(alternative);
    }
    into.choices.push(choice);
  }
}

/** In how many ways one alternative can be taken of each choice. */
function combinationsOf(branch: ReadBranch): number {
  const ofChoice = ({ alternatives }: ReadChoice): number =>
    alternatives.reduce((sum, alternative) => sum + combinationsOf(alternative), 0);
  return branch.choices.reduce((product, choice) => product * ofChoice(choice), 1);
}

/** A key as it is written behind a path. */
const keyText = (key: string): string => (/^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
