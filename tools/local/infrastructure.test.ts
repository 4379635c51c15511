// Proves the small decisions about the local Kafka, Postgres and Java, without starting any of them.
import { describe, expect, it } from '@jest/globals';
import { javaMajor } from './java.ts';
import { escapeProperty, kafkaProperties } from './kafka.ts';
import { defaultPorts } from './ports.ts';
import { isOpenToAll } from './postgres.ts';

describe('java -version', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['java version "1.8.0_401"', 8],
    ['openjdk version "21" 2023-09-19', 21],
    ['command not found', undefined],
  ])('%s', (text, major) => {
    expect(javaMajor(text)).toBe(major);
  });
});

describe('Kafka settings', () => {
  it('listen on the loopback only', () => {
    const lines = kafkaProperties(defaultPorts([]), '/data').split('\n');
    expect(lines).toContain('listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:19093');
    expect(lines).toContain('controller.quorum.voters=1@127.0.0.1:19093');
    expect(lines).toContain('auto.create.topics.enable=false');
  });

  it('escape a folder with letters that Java would misread', () => {
    expect(escapeProperty('/home/zoë')).toBe('/home/zo\\u00eb');
    expect(escapeProperty('a\\b')).toBe('a\\u005cb');
    expect(escapeProperty('/😀')).toBe('/\\ud83d\\ude00');
  });
});

describe('a folder for Postgres', () => {
  const modes: Record<string, number> = {
    '/': 0o755,
    '/tmp': 0o1777,
    '/tmp/private': 0o700,
    '/tmp/private/repo': 0o755,
  };
  const modeOf = (folder: string): number => modes[folder] ?? 0o755;

  it('is open where every folder on the way is', () => {
    expect(isOpenToAll('/tmp/repo', modeOf)).toBe(true);
  });

  it('is closed below a closed one', () => {
    expect(isOpenToAll('/tmp/private/repo', modeOf)).toBe(false);
  });
});
