import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';
import { rooms } from './scripts/rooms.ts';

/** One `no-restricted-imports` block per room: it may import only from the rooms named in `scripts/rooms.ts`. */
const borders = Object.entries(rooms).map(([room, { mayImport, pure }]) => {
  const closed = Object.keys(rooms).filter((other) => other !== room && !mayImport.includes(other));
  const outside = pure
    ? [
        '@actions/*',
        '@octokit/*',
        'node:fs',
        'node:fs/*',
        'node:child_process',
        'node:http',
        'node:https',
        'node:net',
        'node:os',
        'node:worker_threads',
      ]
    : [];
  const patterns = [
    ...(closed.length
      ? [
          {
            regex: `^(\\.\\./)+(${closed.join('|')})/`,
            message: `src/${room} may import from: ${mayImport.join(', ') || 'nothing'} (docs/architecture.md).`,
          },
        ]
      : []),
    ...(outside.length
      ? [
          {
            group: outside,
            message: `src/${room} does no I/O: take the value as a parameter (docs/architecture.md).`,
          },
        ]
      : []),
  ];
  return { files: [`src/${room}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
});

const exact = Object.entries(rooms)
  .filter(([, { exact }]) => exact)
  .map(([room]) => `src/${room}/**/*.ts`);

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'build/',
      'node_modules/',
      '.tools/',
      '.venv/',
      'demo-out/',
      'examples/*/models/*.mjs',
      'schema/',
      // AssemblyScript, which has types of its own.
      'kernels/',
      '__tests__/fixtures/',
    ],
  },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/prefer-for-of': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: exact,
    rules: {
      'no-restricted-properties': [
        'error',
        ...['pow', 'random', 'exp', 'log', 'log1p', 'expm1', 'log2', 'log10', 'tanh', 'sin', 'cos'].map(
          (property) => ({
            object: 'Math',
            property,
            message: 'Not bit-exact across engines: use src/numeric.',
          }),
        ),
        { object: 'Date', property: 'now', message: 'Time comes in as a parameter.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "BinaryExpression[operator='**']", message: '** is not bit-exact across Node versions.' },
        {
          selector: 'MemberExpression[property.name=/^(localeCompare|toLocaleString)$/]',
          message: 'Depends on the locale data of the machine.',
        },
      ],
      'no-restricted-globals': ['error', 'Intl'],
    },
  },
  ...borders,
  {
    files: ['**/*.js'],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { process: 'readonly', console: 'readonly' },
    },
  },
  {
    files: ['__tests__/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.js', 'src/cli/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
