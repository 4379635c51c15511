// All directives of the language, by name.
import type { Directive } from '../site.ts';
import { choice, fallback, lookup, required, switched } from './choose.ts';
import { boolean, date, number, string } from './convert.ts';
import { map, row } from './lists.ts';
import { flatten, merge, omit, pick } from './objects.ts';
import { constant, event, path, root, template } from './take.ts';
import { hash, join, json, lower, split, substring, trim, upper } from './text.ts';

export const directives: ReadonlyMap<string, Directive> = new Map([
  ['@path', path],
  ['@root', root],
  ['@event', event],
  ['@const', constant],
  ['@template', template],
  ['@default', fallback],
  ['@required', required],
  ['@if', choice],
  ['@case', switched],
  ['@lookup', lookup],
  ['@string', string],
  ['@number', number],
  ['@boolean', boolean],
  ['@date', date],
  ['@lower', lower],
  ['@upper', upper],
  ['@trim', trim],
  ['@substring', substring],
  ['@split', split],
  ['@join', join],
  ['@json', json],
  ['@hash', hash],
  ['@map', map],
  ['@row', row],
  ['@pick', pick],
  ['@omit', omit],
  ['@merge', merge],
  ['@flatten', flatten],
]);
