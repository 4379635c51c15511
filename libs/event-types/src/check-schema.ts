// What control asks before it stores an event type: is the schema one that may be used, and does the example fit it?
import { eventLimits, jsonLimits, payloadProblems, type Problem } from '@sluice/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { problemsOf } from './evaluation.ts';
import { jsonProblem } from './json-bounds.ts';
import { planOf } from './plan.ts';
import { readSchema } from './reader.ts';

// Judges schemas by the meta-schema, and compiles nothing but that: evaluation.ts checks payloads.
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });

/** Why a schema cannot be an event type's; none when the list is empty. Never throws, whatever it is given. */
export function checkEventTypeSchema(schema: unknown): Problem[] {
  const read = readSchema(schema);
  if ('problems' in read) return read.problems;
  // The reader is the stricter of the two. The standard's own words are the second opinion.
  if (ajv.validateSchema(read.root) === true) return [];
  return (ajv.errors ?? []).slice(0, 1).map(({ instancePath, message }) => ({
    param: `schema${instancePath.replaceAll('/', '.')}`,
    msg: message ?? 'is not a JSON Schema 2020-12',
  }));
}

/** Why an example is not a payload of its type; none when the list is empty. Never throws. */
export function checkExample(schema: unknown, example: unknown): Problem[] {
  const bounds = { bytes: eventLimits.bodyBytes, depth: jsonLimits.depth };
  const unbounded = jsonProblem(example, 'example', bounds);
  if (unbounded) return [unbounded];
  const read = readSchema(schema);
  if ('problems' in read) return [{ param: 'example', msg: 'cannot be checked: its schema is at fault' }];
  const refused = payloadProblems(example).map(({ param, msg }) => ({
    param: param.replace(/^payload/, 'example'),
    msg,
  }));
  return refused.length > 0 ? refused : problemsOf(planOf(read), example, 'example');
}
