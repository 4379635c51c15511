// Proves the contract between the local stack and what it runs: commands, environment, readiness.
import { describe, expect, it } from '@jest/globals';
import { placesOf } from './places.ts';
import { nodeOptions, planOf, setupCommand, type PlanOptions } from './plan.ts';
import { defaultPorts } from './ports.ts';

const options: PlanOptions = {
  places: placesOf('/repo'),
  ports: defaultPorts(['slack', 'webhook']),
  connectors: ['slack', 'webhook'],
  java: 'java',
  registryJar: '/repo/.sluice/lib/registry/x-runner.jar',
  postgres: { base: '/pg', data: '/pg/data', binaries: '/pg/bin', identity: { uid: 65534, gid: 65534 } },
  postgresPassword: 'secret',
  env: {
    PATH: '/bin',
    LOG_LEVEL: 'debug',
    OTEL_SERVICE_NAME: 'x',
    PORT: '1',
    npm_config_x: 'y',
    NODE_OPTIONS: '--inspect',
  },
  serviceEnv: { router: { ROUTER_X: '1', KAFKA_BROKERS: 'proxy:1' } },
};
const plan = planOf(options);

function component(name: string) {
  const found = plan.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('the plan', () => {
  it('has the infrastructure, every service, every connector and the receiver, each once', () => {
    const services = [
      'ingest',
      'control',
      'router',
      'retry',
      'tracker',
      'connector-slack',
      'connector-webhook',
      'receiver',
    ];
    expect(plan.map(({ name }) => name)).toEqual(['kafka', 'registry', 'postgres', ...services]);
    expect(plan.filter(({ stage }) => stage === 'services').map(({ name }) => name)).toEqual(services);
  });

  it('tells a service where everything is', () => {
    const { command, args, env, readiness } = component('connector-webhook');
    expect([command, ...args]).toEqual([
      process.execPath,
      ...nodeOptions,
      '/repo/dist/apps/connectors/webhook/main.mjs',
    ]);
    expect(readiness).toEqual({ kind: 'http', url: 'http://127.0.0.1:3010/health/ready' });
    expect(env).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      OTEL_SERVICE_NAME: 'x',
      NODE_ENV: 'production',
      MALLOC_ARENA_MAX: '2',
      MALLOC_MMAP_THRESHOLD_: '131072',
      HOST: '127.0.0.1',
      PORT: '3010',
      KAFKA_BROKERS: '127.0.0.1:19092',
      REGISTRY_URL: 'http://127.0.0.1:18081/apis/ccompat/v7',
      POSTGRES_URL: 'postgres://sluice:secret@127.0.0.1:15432/sluice',
      VAULT_KEY_FILE: '/repo/.sluice/local/vault-keys.json',
      OUTBOUND_ALLOW: '127.0.0.1/32,::1/128,localhost',
      CONTROL_URL: 'http://127.0.0.1:3001',
      PUBLIC_URL: 'http://127.0.0.1:3000',
      CONNECTOR_URLS: 'slack=http://127.0.0.1:3011,webhook=http://127.0.0.1:3010',
    });
  });

  it('lets a caller override the environment of one service only', () => {
    expect(component('router').env).toMatchObject({ ROUTER_X: '1', KAFKA_BROKERS: 'proxy:1' });
    expect(component('retry').env).not.toHaveProperty('ROUTER_X');
  });

  it('keeps general variables from the Java programs', () => {
    expect(component('registry').env).toMatchObject({
      LOG_LEVEL: 'WARN',
      QUARKUS_HTTP_PORT: '18081',
      QUARKUS_HTTP_HOST: '127.0.0.1',
    });
    expect(component('kafka').env).toEqual({ PATH: '/bin' });
  });

  it('runs Postgres as the user that owns its data, and stops it fast', () => {
    expect(component('postgres')).toMatchObject({
      identity: { uid: 65534, gid: 65534 },
      stopSignal: 'SIGINT',
      cwd: '/pg',
    });
  });

  it('passes arguments on to the set-up', () => {
    expect(setupCommand(options, ['organization', '--name', 'Demo']).args).toEqual([
      ...nodeOptions,
      '/repo/dist/apps/setup/main.mjs',
      'organization',
      '--name',
      'Demo',
    ]);
  });
});

describe('places', () => {
  it('gives another home its own data and its own file of addresses, and the same jars', () => {
    const places = placesOf('/repo', '.sluice/e2e');
    expect(places).toMatchObject({
      home: '/repo/.sluice/e2e',
      localFile: '/repo/.sluice/e2e.json',
      lib: '/repo/.sluice/lib',
    });
    expect(places.postgresElsewhere).not.toBe(options.places.postgresElsewhere);
  });
});
