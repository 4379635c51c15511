// A service's configuration: defaults, what is left out, and every wrong key named with what it is for.
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { readConfig, serviceConfig } from './config.ts';

const enough = { PORT: '3000', KAFKA_BROKERS: 'a:9092', REGISTRY_URL: 'http://localhost:8081' };

function refusal(environment: NodeJS.ProcessEnv, shape: z.ZodObject = serviceConfig): string {
  try {
    readConfig(shape, environment);
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a configuration', () => {
  it('needs little, and has defaults for the rest', () => {
    expect(readConfig(serviceConfig, enough)).toEqual({
      PORT: 3000,
      HOST: '127.0.0.1',
      KAFKA_BROKERS: ['a:9092'],
      REGISTRY_URL: 'http://localhost:8081',
      LOG_LEVEL: 'info',
      OTEL_TRACES_SAMPLER_ARG: 1,
    });
  });

  it('takes brokers as a list, and numbers as texts', () => {
    const given = { ...enough, KAFKA_BROKERS: 'a:9092, b:9092', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(readConfig(serviceConfig, given)).toMatchObject({
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
      OTEL_TRACES_SAMPLER_ARG: 0.25,
    });
  });

  it('takes an empty variable for one that is not set', () => {
    const config = readConfig(serviceConfig, { ...enough, LOG_LEVEL: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    expect(config.LOG_LEVEL).toBe('info');
    expect(config).not.toHaveProperty('OTEL_EXPORTER_OTLP_ENDPOINT');
    expect(refusal({ ...enough, PORT: '' })).toContain('PORT');
  });

  it('passes over what is not its own', () => {
    expect(readConfig(serviceConfig, { ...enough, HOME: '/root' })).not.toHaveProperty('HOME');
  });

  it.each([
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', 'http'],
    ['PORT', '30.5'],
    ['REGISTRY_URL', 'localhost'],
    ['LOG_LEVEL', 'loud'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'jaeger'],
  ] as const)('is refused with the name of what is wrong and what it is for: %s=%s', (key, value) => {
    const message = refusal({ ...enough, [key]: value });
    expect(message.split('\n')).toHaveLength(2);
    expect(message).toMatch(new RegExp(`^the configuration is wrong:\n  ${key}: `));
    expect(message).toContain(serviceConfig.shape[key].description);
  });

  it('is refused with everything that is wrong at once', () => {
    expect(refusal({}).match(/^ {2}\w+/gm)).toEqual(['  PORT', '  KAFKA_BROKERS', '  REGISTRY_URL']);
  });

  it('of a service has its own keys too', () => {
    const shape = serviceConfig.extend({ VAULT_KEY_FILE: z.string().min(1).describe('File with the keys.') });
    expect(readConfig(shape, { ...enough, VAULT_KEY_FILE: '/keys' })).toMatchObject({
      VAULT_KEY_FILE: '/keys',
      PORT: 3000,
    });
    expect(refusal(enough, shape)).toMatch(/VAULT_KEY_FILE: .*File with the keys\./);
  });

  it('has words for every key', () => {
    for (const [key, member] of Object.entries(serviceConfig.shape))
      expect([key, member.description]).toEqual([key, expect.any(String)]);
  });
});
