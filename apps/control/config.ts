// What control is told.
import { outboundConfig } from '@sluice/outbound';
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';

/** `a=http://x,b=http://y` by name. */
function namedUrls(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]),
  );
}

export const configShape = serviceConfig.extend({
  ...outboundConfig,
  POSTGRES_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//)
    .describe('postgres://user:password@host:port/database'),
  POSTGRES_POOL: z.coerce.number().int().min(2).max(100).default(10).describe('Connections to Postgres at most.'),
  CONNECTOR_URL: z
    .string()
    .default('http://connector-{connector}:3000')
    .describe("Base URL of a connector's service, for dry runs; {connector} stands for its name."),
  CONNECTOR_URLS: z
    .string()
    .default('')
    .transform(namedUrls)
    .describe('Connectors whose service is elsewhere: `webhook=http://127.0.0.1:3010`, separated by commas.'),
  PUBLIC_URL: z
    .url()
    .default('http://127.0.0.1:3000')
    .describe('Base URL at which browsers reach ingest; vendors send people back there after an authorization.'),
  EXPRESSION_PROCESSES: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('Processes that evaluate JSONata mappings in dry runs and previews.'),
  VAULT_KEY_FILE: z.string().min(1).describe('File with the keys that seal credentials and secrets.'),
});
export type Config = z.infer<typeof configShape>;
