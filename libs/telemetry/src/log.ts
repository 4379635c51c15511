// The process's log: one JSON line per unit of work, nothing secret in it, written in blocks so that it costs little.
import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Members whose values never reach a log line, wherever they stand down to `redactedDepth` levels. */
const secretNames = new Set([
  'authorization',
  'password',
  'secret',
  'token',
  'credentials',
  'machine_secret',
  'sealed_secret',
  'sealed_credentials',
  'payload',
]);
const redactedDepth = 3;

/** By hand: the wide lines are flat, and a general redactor that clones them costs as much as all the rest of a delivery's log line. */
export function redacted(fields: Record<string, unknown>, depth = redactedDepth): Record<string, unknown> {
  let copy: Record<string, unknown> | undefined;
  for (const name in fields) {
    const value = fields[name];
    const shown = secretNames.has(name) && value !== undefined ? '[redacted]' : shownValue(value, depth);
    if (shown === value) continue;
    copy ??= { ...fields };
    copy[name] = shown;
  }
  return copy ?? fields;
}

function shownValue(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return value.message;
  if (depth === 0) return '[deeper]';
  if (Array.isArray(value)) return value.map((each) => shownValue(each, depth - 1));
  return redacted(value as Record<string, unknown>, depth - 1);
}

/**
 * A line of what pino has: the level and the time as it writes them, then the fields. Pino's own way puts it together piece by piece,
 * which takes longer, and made a quarter of all garbage of a delivery.
 */
export function lineOf(
  { service, level, time }: { service: string; level: string; time: string },
  fields: Record<string, unknown>,
  message: string | undefined,
): string {
  const text = JSON.stringify(redacted(message === undefined ? fields : { ...fields, msg: message }));
  const head = `{"level":"${level}"${time},"service":${JSON.stringify(service)}`;
  return text === '{}' ? `${head}}\n` : `${head},${text.slice(1)}\n`;
}

export interface LogSettings {
  service: string;
  level: string;
}

type PinoLine = [fields: Record<string, unknown>, message: string | undefined, number: number, time: string];

/** Lines go to standard output. `flush` writes out what is buffered; call it before the process ends. */
export function createLog({ service, level }: LogSettings): { log: Log; flush: () => void } {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 8_192 });
  const flushing = setInterval(() => destination.flush(), 200);
  flushing.unref();
  const log = pino({ level, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  const line = (...[fields, message, number, time]: PinoLine): string =>
    lineOf({ service, level: pino.levels.labels[number] ?? 'info', time }, fields, message);
  Object.assign(log, { [pino.symbols.asJsonSym]: line });
  return { log, flush: () => destination.flushSync() };
}
