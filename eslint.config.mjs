import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['.stryker-tmp/', 'stryker.config.mjs', 'lib/', 'imports/', 'dist/', 'node_modules/', 'coverage/', 'jest.config.js'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      eqeqeq: 'error',
      quotes: ['error', 'single', { avoidEscape: true }],
      semi: 'error',
      'max-len': ['error', { code: 160, ignoreUrls: true, ignoreRegExpLiterals: true }],
      'no-trailing-spaces': 'error',
      'comma-dangle': ['error', 'always-multiline'],
      'object-curly-spacing': ['error', 'always'],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // A construct is made for its effect on the tree.
      'no-new': 'off',
      // jsii wants classes with static makers, and parameter properties that need no body.
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-inferrable-types': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    // Rows of test tables and of generators stay on one line, and synthesized YAML has no types.
    files: ['test/**', 'conformance/**'],
    rules: { 'max-len': ['error', { code: 200, ignoreStrings: true, ignoreTemplateLiterals: true }], '@typescript-eslint/no-explicit-any': 'off' },
  },
);
