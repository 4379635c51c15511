// The local broker: one Kafka node that is its own controller, with data that survives restarts and a change of ports.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { Places } from './places.ts';
import type { Command, Environment } from './plan.ts';
import type { Ports } from './ports.ts';

interface KafkaOptions {
  readonly java: string;
  readonly places: Places;
  readonly env: Environment;
}

const propertiesFile = (places: Places): string => join(places.kafka, 'server.properties');
const dataFolder = (places: Places): string => join(places.kafka, 'data');

/** Java reads property files as Latin-1, with escapes for the rest. */
export function escapeProperty(value: string): string {
  return value.replace(/[^\x20-\x7e]|\\/g, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** A static quorum of one: with a dynamic one the controller's port would be part of the data and could not be moved. */
export function kafkaProperties(ports: Ports, data: string): string {
  const broker = `127.0.0.1:${ports['kafka']}`;
  const controller = `127.0.0.1:${ports['kafka-controller']}`;
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${broker},CONTROLLER://${controller}`,
    'advertised.listeners': `PLAINTEXT://${broker}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': escapeProperty(data),
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    'share.coordinator.state.topic.num.partitions': 2,
    // Members of a group join at once here: nobody waits for a slow fleet to assemble.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 6000,
    // After a kill the broker may come back only when its old session is over.
    'broker.session.timeout.ms': 3000,
    'broker.heartbeat.interval.ms': 500,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function javaCommand({ java, places, env }: KafkaOptions, program: readonly string[]): Command {
  return {
    command: java,
    args: [`-Dlog4j2.configurationFile=${places.kafkaLogging}`, '-cp', join(places.lib, 'kafka', '*'), ...program],
    cwd: places.kafka,
    env,
  };
}

export function kafkaCommand(options: KafkaOptions): Command {
  const command = javaCommand(options, ['kafka.Kafka', propertiesFile(options.places)]);
  return { ...command, args: ['-Xms256m', '-Xmx768m', ...command.args] };
}

/** Writes the settings, and formats the data folder the first time: aside and then moved, so that a half-made one is never used. */
export async function prepareKafka(
  options: KafkaOptions & { readonly ports: Ports },
  run: (command: Command) => Promise<unknown>,
): Promise<void> {
  const { places, ports } = options;
  const data = dataFolder(places);
  mkdirSync(places.kafka, { recursive: true });
  if (!existsSync(data)) {
    const unfinished = `${data}.new`;
    rmSync(unfinished, { recursive: true, force: true });
    writeFileSync(propertiesFile(places), kafkaProperties(ports, unfinished));
    // Never a dash in front: the tool would take it for an option.
    const id = randomBytes(16).toString('base64url').replace(/^-/, 'A');
    const quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
    const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', id, '--config', propertiesFile(places)];
    await run(javaCommand(options, [...quick, ...format]));
    renameSync(unfinished, data);
  }
  writeFileSync(propertiesFile(places), kafkaProperties(ports, data));
}

const apiVersionsRequest = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff]);

/** The port opens long before the broker serves; an answer to the first request of its protocol is the proof. */
export function kafkaAnswers(port: number, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(apiVersionsRequest));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => finish(false));
    socket.once('data', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
