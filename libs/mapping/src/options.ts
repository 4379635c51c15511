// The options of a directive: each is read by name and kind, and those it does not have are refused.
import { isDirective, isForbiddenKey, isObject } from './json.ts';
import { absent, type Evaluate, type Site } from './site.ts';

export class Options {
  private readonly given: Record<string, unknown>;
  private readonly site: Site;
  private readonly isShort: boolean;

  /** An argument that is no object of options is the option `value` alone. */
  constructor(argument: unknown, site: Site, names: readonly string[]) {
    this.site = site;
    this.isShort = !isObject(argument) || isDirective(argument);
    this.given = isObject(argument) && !this.isShort ? argument : { value: argument };
    for (const name of Object.keys(this.given)) {
      if (names.includes(name)) continue;
      if (this.isShort) site.refuse(`must be an object of ${names.join(', ')}`);
      else site.argument(name).refuse(`is not an option; there are ${names.join(', ')}`);
    }
  }

  has(name: string): boolean {
    return Object.hasOwn(this.given, name);
  }

  get(name: string): unknown {
    return this.has(name) ? this.given[name] : undefined;
  }

  at(name: string): Site {
    return this.isShort ? this.site : this.site.argument(name);
  }

  expression(name: string): Evaluate {
    if (!this.has(name)) return this.site.refuse(`must have ${name}`);
    return this.at(name).expression(this.given[name]);
  }

  /** Absent where it is not given. */
  optionalExpression(name: string): Evaluate {
    return this.has(name) ? this.expression(name) : absent;
  }

  text(name: string, fallback: string): string {
    const value = this.get(name);
    if (typeof value === 'string') return value;
    if (this.has(name)) this.at(name).refuse('must be a text');
    return fallback;
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.get(name);
    const found = choices.find((choice) => choice === value);
    if (this.has(name) && found === undefined) this.at(name).refuse(`must be one of ${choices.join(', ')}`);
    return found;
  }

  /** An integer of 0 or more. */
  count(name: string): number | undefined {
    const value = this.get(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    if (this.has(name)) this.at(name).refuse('must be an integer of 0 or more');
    return undefined;
  }

  /** Keys of an object, as a list of texts. */
  keys(name: string): string[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length === 0 || !value.every((key) => typeof key === 'string')) {
      this.site.refuse(`must have ${name}, a list of keys`);
      return [];
    }
    const forbidden = value.find(isForbiddenKey);
    if (forbidden !== undefined) this.at(name).refuse(`has the key ${forbidden}, which is not allowed`);
    return value;
  }

  /** The members of an object, each with its key. */
  entries(name: string): [string, unknown][] {
    const value = this.get(name);
    if (isObject(value) && Object.keys(value).length > 0) return Object.entries(value);
    this.site.refuse(`must have ${name}, an object`);
    return [];
  }
}
