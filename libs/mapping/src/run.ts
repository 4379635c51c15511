// One run of a mapping on one event: what it reads, how much work is left, and what went wrong.
import { mappingLimits } from './limits.ts';

export interface MapInput {
  payload: Record<string, unknown>;
  event: {
    id: string;
    type: string;
    workspace: string;
    resource: string | null;
    resource_id: string | null;
    /** Milliseconds since 1970. */
    created_at: number;
  };
}

export interface Failure {
  /** The place in what is made, dotted; `map` for the whole. */
  field: string;
  message: string;
}

/** Stands in a field's name for the index of a list's element, which only a run knows. */
export const INDEX = '\u0000';

export class Run {
  readonly payload: Record<string, unknown>;
  readonly event: MapInput['event'];
  /** Where paths start: the payload, inside `@map` the element. */
  scope: unknown;
  /** The index of the element in hand, for each `@map` around. */
  readonly indices: number[] = [];
  readonly warnings: Failure[] = [];
  /** The first failure that nothing has handled. While there is one, values are of no account. */
  failure: Failure | undefined = undefined;
  /** The failure is nobody's to handle. */
  isFinal = false;
  private steps: number = mappingLimits.steps;

  constructor({ payload, event }: MapInput) {
    this.payload = payload;
    this.event = event;
    this.scope = payload;
  }

  /** Notes a failure unless there is one; undefined, as a failed expression's value is absent. */
  fail(field: string, message: string): undefined {
    this.failure ??= { field: this.named(field), message };
    return undefined;
  }

  /** Takes note of work; false when there has been too much of it. */
  spend(steps: number, field: string): boolean {
    this.steps -= steps;
    if (this.steps >= 0) return true;
    if (!this.isFinal) this.failure = undefined;
    this.fail(field, `takes more than ${mappingLimits.steps} steps`);
    this.isFinal = true;
    return false;
  }

  hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** Turns the failure into a warning, or forgets it. */
  recover(isWarned: boolean): void {
    if (isWarned && this.failure && this.warnings.length < mappingLimits.warnings) this.warnings.push(this.failure);
    this.failure = undefined;
  }

  private named(field: string): string {
    if (field === '') return 'map';
    let level = 0;
    return field.replaceAll(INDEX, () => String(this.indices[level++] ?? '*'));
  }
}
