// Three kinds of test: `unit` beside the code, without a broker, in seconds; `e2e` whole stories on the real stack; `repository` about the files.
const typescript = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': ['@swc/jest'] },
  testEnvironment: 'node',
};

export default {
  // A limit for tests that wait, not a pace: a busy machine may take its time.
  testTimeout: 60_000,
  projects: [
    {
      ...typescript,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,tools}/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/tools/repository/'],
      modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.sluice'],
    },
    {
      ...typescript,
      displayName: 'repository',
      testMatch: ['<rootDir>/tools/repository/*.test.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.sluice'],
    },
    {
      ...typescript,
      displayName: 'e2e',
      testMatch: ['<rootDir>/e2e/**/*.e2e.ts'],
      modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.sluice'],
      globalSetup: '<rootDir>/e2e/stack-up.ts',
      globalTeardown: '<rootDir>/e2e/stack-down.ts',
    },
  ],
};
