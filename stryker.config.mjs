// Breaks the code of one room on purpose, one place at a time, and counts how often the tests of that room notice. Started by scripts/mutation.ts.
const { MUTATED_FOLDER: folder, MUTATED_BY: tests } = process.env;

export default {
  mutate: [`${folder}/**/*.ts`, '!**/*.generated.ts', '!**/index.ts'],
  testRunner: 'jest',
  jest: { config: { testMatch: tests.split(',').map(each => `**/${each}/**/*.test.ts`), testPathIgnorePatterns: ['/node_modules/', 'page\\.test', 'killed-synth'] } },
  plugins: ['@stryker-mutator/jest-runner'],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  // The wording of messages is free. Words on the wire are held by the committed YAML.
  mutator: { excludedMutations: ['StringLiteral'] },
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  thresholds: { high: 95, low: 85, break: 85 },
  timeoutMS: 20_000,
  concurrency: 2,
};
