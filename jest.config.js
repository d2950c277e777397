/** Tests run as native ES modules on Node; TypeScript is stripped of its types the way Node itself does it. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-strip-types.js' },
  transformIgnorePatterns: ['/node_modules/', '\\.js$'],
  // A shared machine may be slow: a limit only ends what hangs.
  testTimeout: 60_000,
  // Many tests wait for a process that they started; and a small process starts others sooner than a large one.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '700MB',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/build/', '<rootDir>/dist/', '<rootDir>/.tools/'],
};
