// Shows that every value that fitted an old place fits a new schema, or tells where that cannot be shown. Structural, never by trying values out.
import type { Problem } from '@sluice/contracts';
import { arrayCovers } from './compare-arrays.ts';
import { logicCovers } from './compare-logic.ts';
import { objectCovers } from './compare-objects.ts';
import { scalarCovers } from './compare-scalars.ts';
import { Described } from './described.ts';
import { problemsOf } from './evaluation.ts';
import { Identities } from './identity.ts';
import { limits } from './limits.ts';
import type { Context } from './mentions.ts';
import { clip, paramOf, within, type Place } from './place.ts';
import { listPlan, Planner } from './plan.ts';
import { typeWords } from './scalars.ts';
import { bitsOfType, typeBits, type Scalar, type Schema, type SchemaObject } from './schema.ts';

/** Thrown when a comparison takes more than it may. */
export class TooInvolved extends Error {}

/** An old place against one part of a new schema. */
export interface Pairing {
  readonly old: Described;
  readonly part: SchemaObject;
  readonly place: Place;
}

export class Comparison {
  readonly problems: Problem[] = [];
  readonly context: Context;
  readonly identities: Identities;
  private readonly planner: Planner;
  private left: number = limits.comparisons;
  private quiet = 0;

  constructor(context: Context) {
    this.context = context;
    this.identities = new Identities(context.targets);
    this.planner = new Planner(context);
  }

  described(schemas: readonly Schema[]): Described {
    return Described.by(this.context, schemas);
  }

  spend(steps: number): void {
    this.left -= steps;
    if (this.left < 0) throw new TooInvolved();
  }

  /** Tells a problem once; always false, as the answer of whoever found it. */
  report(place: Place, msg: string): false {
    if (this.quiet > 0 || this.problems.length >= limits.schemaProblems) return false;
    const param = paramOf(place);
    if (!this.problems.some((known) => known.param === param && known.msg === msg)) this.problems.push({ param, msg });
    return false;
  }

  /** Whether something holds, without telling what does not. */
  quietly(covers: () => boolean): boolean {
    this.quiet++;
    try {
      return covers();
    } finally {
      this.quiet--;
    }
  }

  /** Whether every value that fits `old` fits `now`. */
  covers(old: Described, now: Schema, place: Place): boolean {
    this.spend(1 + old.size);
    if (now === true || old.never || old.types === 0) return true;
    if (now === false) return this.report(place, 'no longer allows any value');
    const number = this.identities.of(now);
    if (old.parts.some((part) => this.identities.of(part) === number)) return true;
    if (old.values) return this.coversValues(old.values, now, place);
    const parts = this.described([now]);
    if (parts.never) return this.report(place, 'no longer allows any value');
    // Every part is looked at, so that all that is wrong is told at once.
    return parts.parts.map((part) => this.coversPart({ old, part, place })).every(Boolean);
  }

  private coversPart(pairing: Pairing): boolean {
    const { old, part, place } = pairing;
    const number = this.identities.of(part);
    if (old.parts.some((each) => this.identities.of(each) === number)) return true;
    const lost = old.types & ~bitsOfType(part.type);
    if (lost !== 0) return this.report(within(place, 'type'), `no longer allows ${typeWords(lost)}`);
    if (part.enum !== undefined || part.const !== undefined) {
      return this.report(
        within(place, part.enum ? 'enum' : 'const'),
        'allows only some values now, and allowed others',
      );
    }
    const has = (types: number): boolean => (old.types & types) !== 0;
    return [
      !has(typeBits.number | typeBits.string) || scalarCovers(pairing, this),
      !has(typeBits.array) || arrayCovers(pairing, this),
      !has(typeBits.object) || objectCovers(pairing, this),
      logicCovers(pairing, this),
    ].every(Boolean);
  }

  /** Values that can be listed are simply tried. */
  coversValues(values: ReadonlySet<Scalar>, now: Schema, place: Place): boolean {
    const all = [...values];
    this.spend(all.length);
    const [problem] = problemsOf(listPlan(this.planner.plan(now)), all, 'values');
    if (!problem) return true;
    const index = /^values\.(\d+)/.exec(problem.param)?.[1];
    const value = index === undefined ? 'some values' : clip(JSON.stringify(all[Number(index)]), 40);
    return this.report(place, `no longer allows ${value}`);
  }

  /** Whether no value fits both: told apart by type, by listed values, or by a required member that is. */
  apart(one: Described, other: Described): boolean {
    this.spend(1 + one.size + other.size);
    if (one.never || other.never || (one.types & other.types) === 0) return true;
    if (one.values && other.values) {
      const { values } = other;
      return [...one.values].every((value) => !values.has(value));
    }
    const objects = one.types === typeBits.object && other.types === typeBits.object;
    const required = objects ? [...one.required, ...other.required] : [];
    return required.some((name) => this.apart(one.member(name), other.member(name)));
  }
}
