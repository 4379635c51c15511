// Configuration: one zod object per service, read from the environment once, refused with the name of what is wrong.
import * as z from 'zod';

/** What every service is told. A service extends it with its own keys; docs/config.md is generated from all of them. */
export const serviceConfig = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(1)
    .max(65_535)
    .describe('Port of the HTTP server: health, and the API where there is one.'),
  HOST: z.string().default('127.0.0.1').describe('Address the HTTP server listens on.'),
  KAFKA_BROKERS: z
    .string()
    .min(1)
    .transform((list) => list.split(',').map((broker) => broker.trim()))
    .describe('host:port of some brokers, separated by commas.'),
  REGISTRY_URL: z.url().describe('Base URL of the Confluent-compatible schema registry.'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('Least severe log line to write.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url()
    .optional()
    .describe('Base URL of an OTLP/HTTP receiver; without it nothing is recorded.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1).describe('Share of traces to record.'),
});
export type ServiceConfig = z.infer<typeof serviceConfig>;

/** Parses an environment. Throws an Error that names each wrong key and what it is for. */
export function readConfig<T extends z.ZodObject>(shape: T, environment: NodeJS.ProcessEnv = process.env): z.infer<T> {
  // An empty variable means "not set": that is how compose files and shells leave one out.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = shape.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? '');
    const member = shape.shape[key] as z.ZodType | undefined;
    return `  ${key}: ${issue.message}. ${member?.description ?? ''}`;
  });
  throw new Error(`the configuration is wrong:\n${lines.join('\n')}`);
}
