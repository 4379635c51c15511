// Bounds on a schema as such, before anything reads what it says: plain JSON, its size and depth, its keys.
import type { Problem } from '@sluice/contracts';
import { isForbiddenKey, isObject } from './json.ts';
import { mappingLimits } from './limits.ts';
import { utf8Bytes } from './measure.ts';
import { refuse } from './site.ts';

/** More parts than this do not fit into the bytes. */
const PARTS_MAX = mappingLimits.fieldsBytes;

/** Problems of a schema's shape; none where it can be read. */
export function checkShape(schema: unknown): Problem[] {
  if (!isObject(schema)) return [{ param: 'schema', msg: 'must be an object' }];
  const walk = new Walk();
  walk.take(schema, { param: 'schema', depth: 0 });
  if (walk.problems.length > 0) return walk.problems;
  const bytesMax = schema.schema_version === 1 ? mappingLimits.fieldsBytes : mappingLimits.schemaBytes;
  // Plain JSON of bounded depth, by now.
  const bytes = utf8Bytes(JSON.stringify(schema));
  return bytes <= bytesMax ? [] : [{ param: 'schema', msg: `may have ${bytesMax / 1024} kB at most` }];
}

class Walk {
  readonly problems: Problem[] = [];
  private parts = 0;

  take(value: unknown, { param, depth }: { param: string; depth: number }): void {
    if (++this.parts > PARTS_MAX) {
      if (this.parts === PARTS_MAX + 1) refuse(this.problems, { param: 'schema', msg: 'is too large' });
      return;
    }
    if (depth > mappingLimits.schemaDepth) {
      refuse(this.problems, { param, msg: `is nested more than ${mappingLimits.schemaDepth} deep` });
    } else if (Array.isArray(value)) {
      for (let at = 0; at < value.length && this.parts <= PARTS_MAX; at++) {
        this.take(value[at], { param: `${param}[${at}]`, depth: depth + 1 });
      }
    } else if (isPlainObject(value)) {
      for (const key of Object.keys(value)) {
        const within = `${param}.${key}`;
        if (isForbiddenKey(key)) refuse(this.problems, { param: within, msg: 'is not an allowed key' });
        else this.take(value[key], { param: within, depth: depth + 1 });
      }
    } else if (!isScalar(value)) refuse(this.problems, { param, msg: 'is not JSON' });
  }
}

const isScalar = (value: unknown): boolean =>
  value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
