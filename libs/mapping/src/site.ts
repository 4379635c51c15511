// Where an expression stands in a schema, and what building it gathers on the way.
import type { Problem } from '@sluice/contracts';
import { mappingLimits } from './limits.ts';
import { INDEX, type Run } from './run.ts';

/** An expression, compiled. An absent value is undefined; a failure is told to the run, and the value is then absent. */
export type Evaluate = (run: Run) => unknown;

/** Makes an expression of a directive's argument; `site` stands at the argument. */
export type Directive = (argument: unknown, site: Site) => Evaluate;

/** Of one schema: what has been found and counted so far, and what expressions are built with. */
export interface Build {
  problems: Problem[];
  nodes: number;
  nodesMax: number;
  sha256: (text: string) => string;
  expression: (json: unknown, site: Site) => Evaluate;
}

interface Place {
  /** In the schema. */
  param: string;
  /** In what is made. */
  field: string;
  /** How many `@map` are around. */
  mapNesting: number;
}

export const absent: Evaluate = () => undefined;

export class Site {
  readonly build: Build;
  readonly param: string;
  readonly field: string;
  readonly mapNesting: number;

  constructor(build: Build, { param, field, mapNesting }: Place) {
    this.build = build;
    this.param = param;
    this.field = field;
    this.mapNesting = mapNesting;
  }

  /** Notes a problem; what stands here makes nothing. */
  refuse(msg: string): Evaluate {
    refuse(this.build.problems, { param: this.param, msg });
    return absent;
  }

  /** Counts expressions; false once there are too many, which is told once. */
  count(nodes: number): boolean {
    const { build } = this;
    const wasWithin = build.nodes <= build.nodesMax;
    build.nodes += nodes;
    if (build.nodes <= build.nodesMax) return true;
    if (wasWithin) this.refuse(`is more than ${build.nodesMax} expressions`);
    return false;
  }

  expression(json: unknown): Evaluate {
    return this.build.expression(json, this);
  }

  /** An argument, or a member of it: another place in the schema, the same in what is made. */
  argument(name: string | number): Site {
    return this.moved({ param: typeof name === 'number' ? `${this.param}[${name}]` : `${this.param}.${name}` });
  }

  /** A member of an object, or an element of a list, that is made. */
  member(key: string | number): Site {
    return this.argument(key).moved({ field: this.field === '' ? String(key) : `${this.field}.${key}` });
  }

  /** The expression for each element of `@map`. */
  each(): Site {
    return this.argument('each')
      .moved({ field: this.field === '' ? INDEX : `${this.field}.${INDEX}` })
      .moved({ mapNesting: this.mapNesting + 1 });
  }

  private moved(over: Partial<Place>): Site {
    const { param, field, mapNesting } = this;
    return new Site(this.build, { param, field, mapNesting, ...over });
  }
}

/** Notes a problem, up to as many as anybody would read. */
export function refuse(problems: Problem[], problem: Problem): void {
  if (problems.length < mappingLimits.problems) problems.push(problem);
}
