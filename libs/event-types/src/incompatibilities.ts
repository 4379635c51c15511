// What a new version of a schema takes away: from producers, whose payloads must still fit, and from consumers, who must still find what they read.
import type { Problem } from '@sluice/contracts';
import { Comparison, TooInvolved } from './comparison.ts';
import { Described } from './described.ts';
import { top } from './place.ts';
import { brokenPromises } from './promises.ts';
import { readSchema } from './reader.ts';

/**
 * What of the version `after` breaks producers or consumers of the version `before`; an empty list means compatible. Conservative: where it
 * cannot be shown that all that fitted still fits, it is told as a problem. README.md has the rules. Never throws.
 */
export function incompatibilities(before: unknown, after: unknown): Problem[] {
  const old = readSchema(before);
  if ('problems' in old) return [{ param: 'schema', msg: 'cannot be compared: the version before is at fault' }];
  const now = readSchema(after);
  if ('problems' in now) return now.problems;
  const context = {
    targets: new Map([...old.targets, ...now.targets]),
    patterns: new Map([...old.patterns, ...now.patterns]),
  };
  const comparison = new Comparison(context);
  const place = top('schema');
  try {
    const described = Described.by(context, [old.root]);
    comparison.covers(described, now.root, place);
    brokenPromises({ old: described, now: Described.by(context, [now.root]), place }, comparison);
  } catch (stop) {
    if (!(stop instanceof TooInvolved)) throw stop;
    comparison.problems.push({ param: 'schema', msg: 'is too involved to be compared with the version before' });
  }
  return comparison.problems;
}
