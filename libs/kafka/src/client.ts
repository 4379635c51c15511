// The only `new Kafka(...)`: one client per process, its log lines handed to the process's own log.
import { Kafka, logLevel, type LogEntry } from 'kafkajs';
import { registerZstd } from './compression.ts';

export interface KafkaSettings {
  /** host:port of some brokers. */
  brokers: string[];
  /** The process's name, seen in broker logs and quotas. */
  clientId: string;
  /** Takes what the client wants known: warnings and errors only. */
  warn: (fields: Record<string, unknown>, message: string) => void;
}

/** Milliseconds. A broker that does not answer is given up on after `request`; the retry budgets of producer and consumer come on top. */
const timeoutsMs = { connection: 3_000, request: 15_000 } as const;

export function createClient(settings: KafkaSettings): Kafka {
  registerZstd();
  return new Kafka({
    clientId: settings.clientId,
    brokers: settings.brokers,
    connectionTimeout: timeoutsMs.connection,
    requestTimeout: timeoutsMs.request,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 30 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => forward(entry, settings.warn),
  });
}

// Said by the client on every start, rebalance and reconnection, and none of it needs anybody: left out of the log.
const everydayMessages = [
  /rebalanc/i,
  /Response GroupCoordinator/,
  /The coordinator is not aware of this member/,
  /The coordinator is loading/,
  /Restarting the consumer in/,
  // After a failed send a producer is thrown away, sequence numbers and all; see producer.ts.
  /Limiting retries for the idempotent producer/,
];

function forward({ namespace, log }: LogEntry, warn: KafkaSettings['warn']): void {
  const said = `${log.message} ${String(log.error ?? '')}`;
  if (everydayMessages.some((pattern) => pattern.test(said))) return;
  const { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields } = log;
  warn({ event: 'kafka.client', namespace, ...fields }, message);
}
