// Proves that a new connector is a whole one under any name it may have. That the template itself works its own tests say.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import ts from 'typescript';
import { nameProblem, scaffold } from './scaffold.ts';

describe('the name of a new connector', () => {
  it.each(['ab', 'acme-2', 'x'.repeat(31)])('may be %s', (name) => {
    expect(nameProblem(name, ['webhook'])).toBeUndefined();
  });

  it.each(['', 'a', '2go', 'Acme', 'a_b', 'a.b', '../x', 'x'.repeat(32), 'webhook'])('may not be %s', (name) => {
    expect(nameProblem(name, ['webhook'])).toEqual(expect.any(String));
  });
});

describe('a new connector', () => {
  it('parses, whatever its name, words of TypeScript included', () => {
    const name = fc.oneof(
      fc.stringMatching(/^[a-z][a-z0-9-]{1,30}$/),
      fc.constantFrom('default', 'new', 'await', 'metadata', 'x-', 'a--b'),
    );
    fc.assert(
      fc.property(name, (slug) => {
        for (const [file, text] of Object.entries(scaffold(slug)).filter(([each]) => each.endsWith('.ts'))) {
          const { diagnostics } = ts.transpileModule(text, {
            fileName: file,
            reportDiagnostics: true,
            compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
          });
          expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('is called by its name everywhere', () => {
    const texts = scaffold('big-crm');
    expect(Object.values(texts).join('\n')).not.toMatch(/acme/i);
    expect(texts['connector.ts']).toContain("slug: 'big-crm',\n  label: 'Big Crm',");
    expect(texts['metadata.ts']).toContain('export type BigCrmMetadata');
    expect(JSON.parse(texts['package.json'] ?? '')).toMatchObject({ name: '@sluice/connector-big-crm' });
  });

  it('has the files that every connector has', () => {
    expect(Object.keys(scaffold('big-crm')).sort()).toEqual([
      'README.md',
      'classify.ts',
      'connector.test.ts',
      'connector.ts',
      'contract.yaml',
      'fixtures.ts',
      'main.ts',
      'metadata.ts',
      'package.json',
      'send-event.ts',
    ]);
  });
});
