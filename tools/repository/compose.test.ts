// Proves that the stack in containers (docker-compose.yml) and the local one (tools/local) are the same where they state a thing twice.
import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaProperties } from '../local/kafka.ts';
import { repository } from '../local/places.ts';
import { defaultPorts, variableOf } from '../local/ports.ts';

const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
const compose = read('docker-compose.yml');
const groups = (text: string, pattern: RegExp): string[][] =>
  [...text.matchAll(pattern)].map((match) => match.slice(1));

describe('the stack in containers', () => {
  it('has a service for every app', () => {
    const apps = readdirSync(join(repository, 'apps')).filter((name) =>
      existsSync(join(repository, 'apps', name, 'main.ts')),
    );
    const built = groups(compose, /^ {8}APP: apps\/(\S+)$/gm).flat();
    expect(built.sort()).toEqual(apps.sort());
  });

  it('listens on the ports of the local stack, moved by the same variables', () => {
    const defaults = Object.fromEntries(
      Object.entries(defaultPorts([])).map(([name, port]) => [variableOf(name), String(port)]),
    );
    const used = Object.fromEntries(groups(compose, /\$\{(SLUICE_PORT_\w+):-(\d+)\}/g) as [string, string][]);
    delete used['SLUICE_PORT_JAEGER'];
    expect(Object.keys(used).length).toBeGreaterThan(4);
    expect(defaults).toMatchObject(used);
  });

  it('has every port on this machine only', () => {
    const published = groups(compose, /^ {6}- (\S+:\d+)$/gm).flat();
    expect(published.length).toBeGreaterThan(4);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('runs the Kafka and the registry that the local stack runs', () => {
    const version = (name: string): string | undefined =>
      new RegExp(`<${name}>(.+)</${name}>`).exec(read('deploy/local/pom.xml'))?.[1];
    expect(compose).toContain(`image: apache/kafka:${version('kafka.version')}\n`);
    expect(compose).toContain(`image: apicurio/apicurio-registry-sql:${version('registry.version')}\n`);
  });

  it("gives Kafka the local stack's settings, addresses and folders apart", () => {
    const ofThePlace = /^(listeners|advertised\.listeners|listener\.security.*|controller\.quorum\.voters|log\.dirs)$/;
    const settings = kafkaProperties(defaultPorts([]), '/data')
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string])
      .filter(([name]) => !ofThePlace.test(name))
      .map(([name, value]) => [`KAFKA_${name.toUpperCase().replaceAll('.', '_')}`, value] as const);
    const given = Object.fromEntries(groups(compose, /^ {6}(KAFKA_\w+): '?([^'\n]*)'?$/gm) as [string, string][]);
    expect(settings.length).toBeGreaterThan(10);
    expect(given).toMatchObject(Object.fromEntries(settings));
  });
});
