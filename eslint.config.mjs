// What every file must keep: the direction of dependency between layers (docs/style.md), small files, no forgotten promise.
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import typescript from 'typescript-eslint';

const nest = '@nestjs/*';
const clients = ['kafkajs', '@kafkajs/*', 'pg', 'typeorm'];

/** Who may import whom, and which packages stay outside a layer. */
const layers = [
  { sourceTag: 'layer:contracts', onlyDependOnLibsWithTags: [], bannedExternalImports: [nest, ...clients] },
  {
    sourceTag: 'layer:pure',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:pure'],
    bannedExternalImports: [nest, ...clients],
  },
  { sourceTag: 'layer:edge', onlyDependOnLibsWithTags: ['layer:contracts'], bannedExternalImports: [nest] },
  {
    sourceTag: 'layer:kit',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:pure'],
    bannedExternalImports: [nest, ...clients],
  },
  {
    sourceTag: 'layer:shell',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:edge'],
    bannedExternalImports: clients,
  },
  {
    sourceTag: 'layer:host',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:pure', 'layer:edge', 'layer:kit', 'layer:shell'],
    bannedExternalImports: clients,
  },
  {
    sourceTag: 'layer:connector',
    onlyDependOnLibsWithTags: ['layer:kit', 'layer:host', 'layer:contracts'],
    bannedExternalImports: [nest, ...clients],
  },
  {
    sourceTag: 'layer:app',
    onlyDependOnLibsWithTags: ['layer:contracts', 'layer:pure', 'layer:edge', 'layer:shell'],
    bannedExternalImports: ['kafkajs', '@kafkajs/*'],
  },
  { sourceTag: 'layer:outside', onlyDependOnLibsWithTags: ['*'] },
];

const parameters = 'too many parameters: three at most (five in a constructor)';

export default typescript.config(
  { ignores: ['**/node_modules', '**/dist', '.nx', '.sluice', 'libs/*/src/generated.ts'] },
  {
    files: ['**/*.ts'],
    extends: [typescript.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], depConstraints: layers, banTransitiveDependencies: false },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      // A constructor's parameters are its dependencies, and Nest names each: there five are not too many.
      'no-restricted-syntax': [
        'error',
        { selector: ':not(MethodDefinition[kind="constructor"]) > :function[params.length>3]', message: parameters },
        { selector: 'MethodDefinition[kind="constructor"] > :function[params.length>5]', message: parameters },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    // Pure layers run anywhere: clock, randomness and everything of Node's come in as arguments.
    files: ['libs/{contracts,rules,mapping,delivery}/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'a pure layer has no node:*; take it as an argument' }] },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'a pure layer takes the time as an argument' },
        { object: 'Math', property: 'random', message: 'a pure layer takes randomness as an argument' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'e2e/**/*.ts', '**/migrations/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'no-restricted-syntax': 'off' },
  },
  { files: ['tools/**/*.ts', 'e2e/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    // What compares a library from outside belongs to no layer, and depends on it by its path.
    files: ['bench/**/*.ts', 'tools/repository/conditions-oracle.test.ts'],
    rules: { '@nx/enforce-module-boundaries': 'off' },
  },
  prettier,
);
