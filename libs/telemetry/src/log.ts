// The process's log: one JSON line per unit of work, nothing secret in it, written in blocks so that it costs little.
import { pino, type Logger } from 'pino';

export type Log = Logger;

/** Members whose values never reach a log line, wherever they stand one or two levels down. */
const secretNames = [
  'authorization',
  'password',
  'secret',
  'token',
  'credentials',
  'machine_secret',
  'sealed_secret',
  'payload',
];

export interface LogSettings {
  service: string;
  level: string;
}

/** Lines go to standard output. `flush` writes out what is buffered; call it before the process ends. */
export function createLog({ service, level }: LogSettings): { log: Log; flush: () => void } {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 8_192 });
  const flushing = setInterval(() => destination.flush(), 200);
  flushing.unref();
  const log = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    destination,
  );
  return { log, flush: () => destination.flushSync() };
}
