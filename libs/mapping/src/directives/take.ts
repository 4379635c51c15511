// Directives that take a value: out of the payload, out of the event around it, or as it stands in the schema.
import { frozen } from '../json.ts';
import { parsePath, reader, type Read } from '../path.ts';
import type { MapInput } from '../run.ts';
import type { Directive, Evaluate, Site } from '../site.ts';
import { fill, parseTemplate } from '../template.ts';
import { bounded } from '../text.ts';

/** `@path`: a value by its path from the payload's root, inside `@map` from the element. */
export const path: Directive = (argument, site) => {
  const read = readerOf(argument, site);
  return ({ scope }) => read(scope);
};

/** `@root`: a value by its path from the payload's root, wherever it stands. */
export const root: Directive = (argument, site) => {
  const read = readerOf(argument, site);
  return ({ payload }) => read(payload);
};

function readerOf(argument: unknown, site: Site): Read {
  const parsed = parsePath(argument);
  if (typeof parsed !== 'string') return reader(parsed);
  site.refuse(parsed);
  return () => undefined;
}

const ofEvent: Record<keyof MapInput['event'], (event: MapInput['event']) => unknown> = {
  id: ({ id }) => id,
  type: ({ type }) => type,
  workspace: ({ workspace }) => workspace,
  resource: (event) => event.resource ?? undefined,
  resource_id: (event) => event.resource_id ?? undefined,
  created_at: (event) => isoText(event.created_at),
};

// The API shows times as RFC 3339; @date makes anything else of it.
const isoText = (ms: number): string | undefined => {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
};

/** `@event`: one of the event's own members. */
export const event: Directive = (argument, site) => {
  const names = Object.keys(ofEvent);
  const name = names.find((known) => known === argument) as keyof MapInput['event'] | undefined;
  if (name === undefined) return site.refuse(`must be one of ${names.join(', ')}`);
  const read = ofEvent[name];
  return (run) => read(run.event);
};

/** `@const`: JSON as it stands, also where it looks like a directive. */
export const constant: Directive = (argument) => {
  const value = frozen(argument);
  return () => value;
};

/** `@template`: a text with placeholders, each a path as in `@path`. */
export const template: Directive = (argument, site): Evaluate => {
  if (typeof argument !== 'string') return site.refuse('must be a text');
  const parsed = parseTemplate(argument);
  if (typeof parsed === 'string') return site.refuse(parsed);
  site.count(parsed.reads.length);
  const { field } = site;
  return (run) => bounded(run, fill(parsed, run.scope, { run, field }), field);
};
