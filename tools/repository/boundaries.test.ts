// Proves that the boundaries bite: each illegal import is linted in its place and must be refused.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../local/places.ts';

interface Canary {
  readonly what: string;
  /** Where the file would stand, and what it would say. */
  readonly folder: string;
  readonly text: string;
  readonly rule: string;
}

const boundaries = '@nx/enforce-module-boundaries';
const canaries: readonly Canary[] = [
  {
    what: 'contracts that import a library of ours',
    folder: 'libs/contracts/src',
    text: "export * from '@sluice/rules';",
    rule: boundaries,
  },
  {
    what: 'contracts that import Node',
    folder: 'libs/contracts/src',
    text: "export { join } from 'node:path';",
    rule: 'no-restricted-imports',
  },
  {
    what: 'a pure library that imports Nest',
    folder: 'libs/rules/src',
    text: "export { Module } from '@nestjs/common';",
    rule: boundaries,
  },
  {
    what: 'a pure library that imports Kafka',
    folder: 'libs/delivery/src',
    text: "export * from '@sluice/kafka';",
    rule: boundaries,
  },
  {
    what: 'a pure library that reads the clock',
    folder: 'libs/delivery/src',
    text: 'export const now = Date.now();',
    rule: 'no-restricted-properties',
  },
  {
    what: 'an edge that imports another edge',
    folder: 'libs/kafka/src',
    text: "export * from '@sluice/persistence';",
    rule: boundaries,
  },
  {
    what: 'kafkajs outside libs/kafka',
    folder: 'apps/router',
    text: "export { Kafka } from 'kafkajs';",
    rule: boundaries,
  },
  {
    what: 'an app that imports the connector kit',
    folder: 'apps/control',
    text: "export * from '@sluice/connector-kit';",
    rule: boundaries,
  },
  {
    what: 'an app that imports the connector host',
    folder: 'apps/router',
    text: "export * from '@sluice/connector-host';",
    rule: boundaries,
  },
  {
    what: 'a relative reach into another project',
    folder: 'apps/router',
    text: "export * from '../retry/follow.ts';",
    rule: boundaries,
  },
  {
    what: 'a connector that imports Nest',
    folder: 'apps/connectors/webhook',
    text: "export { Module } from '@nestjs/common';",
    rule: boundaries,
  },
  {
    what: 'a connector that imports Kafka',
    folder: 'apps/connectors/webhook',
    text: "export * from '@sluice/kafka';",
    rule: boundaries,
  },
  {
    what: 'the kit that imports the host',
    folder: 'libs/connector-kit/src',
    text: "export * from '@sluice/connector-host';",
    rule: boundaries,
  },
];

interface Finding {
  filePath: string;
  messages: { ruleId: string | null; message: string }[];
}

describe('the boundaries', () => {
  const fileOf = (index: number) => join(repository, canaries[index]?.folder ?? '', `canary-${index}.ts`);
  let findings: Finding[] = [];

  beforeAll(() => {
    canaries.forEach(({ text }, index) =>
      writeFileSync(fileOf(index), `// A canary of tools/repository/boundaries.test.ts.\n${text}\n`),
    );
    const bin = (name: string) => join(repository, 'node_modules', '.bin', name);
    const options = {
      cwd: repository,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, NX_DAEMON: 'false' },
    } as const;
    // Without a cached project graph the rule says nothing at all.
    execFileSync(bin('nx'), ['show', 'projects'], options);
    try {
      execFileSync(bin('eslint'), ['--format', 'json', ...canaries.map((_, index) => fileOf(index))], options);
    } catch (error) {
      findings = JSON.parse((error as { stdout: string }).stdout) as Finding[];
    }
  }, 120_000);
  afterAll(() => canaries.forEach((_, index) => rmSync(fileOf(index), { force: true })));

  it.each(canaries.map((canary, index) => [canary.what, canary.rule, index] as const))(
    'refuse %s',
    (_what, rule, index) => {
      const messages = findings.find(({ filePath }) => filePath === fileOf(index))?.messages ?? [];
      expect(messages.map(({ ruleId }) => ruleId)).toContain(rule);
    },
  );
});
