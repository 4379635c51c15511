// Collects what every service is told (apps/*/config.ts, and the connector host's for all connectors) as JSON Schemas.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceConfig } from '@sluice/service/config.ts';
import * as z from 'zod';
import type { ConfigSchema } from './documents.ts';

export interface Configurations {
  readonly everyService: ConfigSchema;
  /** Name of a service -> all it is told. */
  readonly services: Readonly<Record<string, ConfigSchema>>;
}

export async function configurations(root: string): Promise<Configurations> {
  const services: Record<string, ConfigSchema> = {};
  const add = async (name: string, file: string): Promise<void> => {
    if (!existsSync(file)) return;
    const { configShape } = (await import(file)) as { configShape: z.ZodType };
    services[name] = schemaOf(configShape);
  };
  for (const app of readdirSync(join(root, 'apps')).sort()) await add(app, join(root, 'apps', app, 'config.ts'));
  await add('each connector', join(root, 'libs/connector-host/src/config.ts'));
  return { everyService: schemaOf(serviceConfig), services };
}

const schemaOf = (shape: z.ZodType): ConfigSchema =>
  z.toJSONSchema(shape, { io: 'input', unrepresentable: 'any' }) as ConfigSchema;
