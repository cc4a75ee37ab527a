import js from '@eslint/js';
import globals from 'globals';
import solid from 'eslint-plugin-solid/configs/typescript';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist', 'node_modules', 'shots'] },
  js.configs.recommended,
  ...ts.configs.strict,
  {
    files: ['src/**/*.{ts,tsx}', 'tests/**/*.ts'],
    ...solid,
    languageOptions: {
      ...solid.languageOptions,
      globals: globals.browser,
      parser: ts.parser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      ...solid.rules,
      'max-lines': ['error', 500],
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      'max-len': ['error', { code: 100, ignoreUrls: true, ignoreStrings: true,
        ignoreTemplateLiterals: true }],
      // Text of a model must stay text: these are the only doors to running it.
      // What works as the page is looked at (lib/fresh.ts) reads what is so then.
      'solid/reactivity': ['warn', { customReactiveFunctions: ['every'] }],
      'solid/no-innerhtml': ['error', { allowStatic: false }],
      'no-restricted-properties': ['error',
        { property: 'innerHTML' }, { property: 'outerHTML' }, { property: 'insertAdjacentHTML' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['dev/**/*.mjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
