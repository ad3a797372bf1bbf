// Transpile only: `npm test` runs the type checker first, once, over everything.
module.exports = {
  testEnvironment: require.resolve('./test/compile-once.mjs'),
  // Jest leaves one core idle, which is half of two.
  maxWorkers: '100%',
  roots: ['<rootDir>/src', '<rootDir>/imports', '<rootDir>/scripts', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // They run npm, pnpm, compilers and generators, and need the network: `npm run test:toolchain`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/toolchain/'],
  transform: { '\\.ts$': '<rootDir>/test/esbuild.mjs' },
  moduleNameMapper: {
    '^cdk8s-alb-istio$': '<rootDir>/src/index.ts',
    '^cdk8s-alb-istio/(.*)$': '<rootDir>/src/$1.ts',
  },
};
