// Starts a service: configuration, log, tracing, event log, Nest, health; and stops it so that nothing in hand is lost.
import 'reflect-metadata';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { PRODUCT_SLUG } from '@sluice/contracts';
import { EventLog, messageOf } from '@sluice/kafka';
import { createLog, startTracing, type Log } from '@sluice/telemetry';
import type * as z from 'zod';
import { readConfig, type ServiceConfig, type serviceConfig } from './config.ts';
import { giveBackWhenIdle } from './give-back.ts';
import { configureHttp, createHttpServer } from './http/configure.ts';
import { HealthController } from './http/health.controller.ts';
import { KafkaTransport, type SubscriptionTuning } from './kafka-transport.ts';
import { NestLog } from './nest-log.ts';
import { CONFIG, EVENT_LOG, LOG } from './tokens.ts';

export interface ServiceDefinition<C extends typeof serviceConfig> {
  /** Its name in logs, traces and as consumer group. */
  name: string;
  config: C;
  /** Its only Nest module. */
  module: (config: z.infer<C>) => Type | DynamicModule;
  /** Appends not confirmed by then fail. Milliseconds. */
  giveUpMs?: number;
  /** Answer "later" while too much waits to be appended, instead of taking less in. */
  refusesWhenFull?: boolean;
  consumer?: SubscriptionTuning;
  /** Last touches to the HTTP server, before it listens. */
  http?: (app: NestFastifyApplication, config: z.infer<C>) => Promise<void>;
}

const stopLimitMs = 12_000;
const stopSignals = ['SIGTERM', 'SIGINT'] as const;

/** Resolves when the service is ready. A configuration that is wrong, or a log that cannot be reached, ends the process with what to do. */
export async function bootService<C extends typeof serviceConfig>(definition: ServiceDefinition<C>): Promise<void> {
  const config = configOrExit(definition.config);
  const { log, flush } = createLog({ service: definition.name, level: config.LOG_LEVEL });
  const exit = (code: number) => {
    flush();
    process.exit(code);
  };
  const fatal = (reason: string, error?: unknown) => {
    log.fatal({ event: 'service.failed', reason, error: error === undefined ? undefined : messageOf(error) });
    exit(1);
  };
  process.on('uncaughtException', (error) => fatal('uncaught exception', error.stack));
  process.on('unhandledRejection', (error) =>
    fatal('unhandled rejection', error instanceof Error ? error.stack : error),
  );

  const tracing = startTracing({
    service: definition.name,
    otlpUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
  });
  const eventLog = new EventLog({
    brokers: config.KAFKA_BROKERS,
    registryUrl: config.REGISTRY_URL,
    clientId: `${PRODUCT_SLUG}-${definition.name}`,
    giveUpMs: definition.giveUpMs,
    refusesWhenFull: definition.refusesWhenFull,
    warn: (fields, message) => log.warn(fields, message),
    fatal,
  });
  // While it starts nothing is in hand, and nothing is lost by ending at once.
  const stopAtOnce = () => exit(0);
  for (const signal of stopSignals) process.on(signal, stopAtOnce);
  try {
    const app = await createApp(definition, config, { log, eventLog });
    for (const signal of stopSignals) process.off(signal, stopAtOnce);
    stopOnSignal(app, eventLog, { log, exit, stopTracing: tracing.stop });
    giveBackWhenIdle();
    log.info({ event: 'service.ready', port: config.PORT });
  } catch (error) {
    fatal('starting', error);
  }
}

function configOrExit<C extends typeof serviceConfig>(shape: C): z.infer<C> {
  try {
    return readConfig(shape);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(2);
  }
}

async function createApp<C extends typeof serviceConfig>(
  definition: ServiceDefinition<C>,
  config: z.infer<C>,
  { log, eventLog }: { log: Log; eventLog: EventLog },
): Promise<NestFastifyApplication> {
  const root = rootModule(definition.module(config), { config, log, eventLog });
  const app = await NestFactory.create<NestFastifyApplication>(root, createHttpServer(), {
    logger: new NestLog(log),
    bodyParser: false,
    abortOnError: false,
  });
  configureHttp(app, log);
  await definition.http?.(app, config);
  const strategy = new KafkaTransport({
    eventLog,
    group: `${PRODUCT_SLUG}-${definition.name}`,
    ...definition.consumer,
  });
  app.connectMicroservice({ strategy }, { inheritAppConfig: false });
  // Modules read configuration topics to the end in onModuleInit, before the first record is taken.
  await app.init();
  await app.startAllMicroservices();
  await app.listen(config.PORT, config.HOST);
  return app;
}

function rootModule(
  module: Type | DynamicModule,
  parts: { config: ServiceConfig; log: Log; eventLog: EventLog },
): DynamicModule {
  class Root {}
  Module({})(Root);
  return {
    module: Root,
    global: true,
    imports: [module],
    controllers: [HealthController],
    providers: [
      { provide: CONFIG, useValue: parts.config },
      { provide: LOG, useValue: parts.log },
      { provide: EVENT_LOG, useValue: parts.eventLog },
    ],
    exports: [CONFIG, LOG, EVENT_LOG],
  };
}

interface Stopping {
  log: Log;
  exit: (code: number) => void;
  stopTracing: () => Promise<void>;
}

function stopOnSignal(app: NestFastifyApplication, eventLog: EventLog, { log, exit, stopTracing }: Stopping): void {
  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return exit(1);
    stopping = true;
    setTimeout(() => exit(1), stopLimitMs).unref();
    log.info({ event: 'service.stopping', signal });
    await app.close();
    await eventLog.close();
    await stopTracing();
    exit(0);
  };
  for (const signal of stopSignals) {
    process.on(signal, () => void stop(signal).catch(() => exit(1)));
  }
}
