import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adult, configuration, strong, Workspace } from './workspace.ts';

const timeout = 60_000;

interface Broken {
  readonly name: string;
  readonly code: string;
  /** As it stands behind `where:`. */
  readonly where: string;
  readonly breakIt: (workspace: Workspace) => void;
}

const config = (name: string, code: string, where: string, text: string): Broken => ({
  ...{ name, code, where },
  breakIt: (workspace) => workspace.write({ 'model-factory.yml': text }),
});
const csv = (name: string, code: string, where: string, content: string | Uint8Array): Broken => ({
  ...{ name, code, where },
  breakIt: (workspace) => writeFileSync(workspace.path('people.csv'), content),
});
const header = adult.slice(0, adult.indexOf('\n'));
const lines = adult.trimEnd().split('\n');
const withColumn = (name: string, cell: (row: number) => string): string =>
  [`${lines[0]!},${name}`, ...lines.slice(1).map((line, row) => `${line},${cell(row)}`)].join('\n');

const configurations: readonly Broken[] = [
  config(
    'unknown key',
    'CONFIG_INVALID',
    'model-factory.yml:6:1, "gates"',
    configuration(strong, 'gates: {}'),
  ),
  config('broken YAML', 'CONFIG_SYNTAX', 'model-factory.yml:3:1', 'version: 1\nmodel: "income\n'),
  config(
    'no target',
    'CONFIG_INVALID',
    'model-factory.yml:3:1, "data.target"',
    'version: 1\nmodel: income\ndata: { source: people.csv }\n',
  ),
  config(
    'unknown trainer',
    'CONFIG_INVALID',
    'model-factory.yml:5:12, "candidates.trees.trainer"',
    configuration('trees: { trainer: gradient-bosting }'),
  ),
  config(
    'hyper-parameter out of range',
    'CONFIG_INVALID',
    'model-factory.yml:5:53, "candidates.linear.params.C"',
    configuration('linear: { trainer: logistic-regression, params: { C: -1 } }'),
  ),
  config(
    'floor of an unknown metric',
    'CONFIG_INVALID',
    'model-factory.yml:6:27, "gate.block.floor.auc"',
    configuration(strong, 'gate: { block: { floor: { auc: 0.8 } } }'),
  ),
];

const files: readonly Broken[] = [
  csv('ragged row', 'DATA_SYNTAX', 'people.csv:3002, row 3001', `${adult}39,Private\n`),
  csv(
    'quote that is never closed',
    'DATA_SYNTAX',
    'people.csv:3002:1, row 3001, "age"',
    `${adult}"39,Private\n`,
  ),
  csv(
    'two columns of one name',
    'DATA_SYNTAX',
    'people.csv:1, "age"',
    adult.replace(header, header.replace('sex', 'age')),
  ),
  csv(
    'Latin-1 that nobody named',
    'DATA_ENCODING',
    'people.csv:2:1, row 1, "age"',
    Buffer.from(adult.replace('\n39,', '\n39é,'), 'latin1'),
  ),
  csv('Excel workbook', 'DATA_SYNTAX', 'people.csv:1', Buffer.from('PK\u0003\u0004rest', 'latin1')),
  csv('target of one class', 'DATA_TARGET', 'people.csv, "income"', adult.replaceAll('>50K', '<=50K')),
  csv(
    'names of the rows',
    'DATA_COLUMN',
    'people.csv, "name"',
    withColumn('name', (row) => `person ${(7919 * row) % 3001}`),
  ),
  csv(
    'numbers with a decimal comma',
    'DATA_COLUMN',
    'people.csv, "wage"',
    withColumn('wage', (row) => `"${(7919 * row) % 3001},5"`),
  ),
];

describe('a broken configuration or table', () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = new Workspace();
  });
  afterAll(() => {
    workspace.remove();
  });

  it.each([...configurations, ...files])(
    '$name',
    ({ breakIt, ...expected }) => {
      workspace.write({ 'people.csv': adult, 'model-factory.yml': configuration(strong) });
      breakIt(workspace);
      expectError(workspace, expected);
    },
    timeout,
  );
});

describe('a broken history or champion', () => {
  const promotion = 'history/models/income/promotions/000001.json';
  const release = 'history/releases/income@v1.0.0';
  let promoted: Workspace;
  beforeAll(() => {
    promoted = new Workspace();
    promoted.commit('Model', { 'people.csv': adult, 'model-factory.yml': configuration(strong) });
    expect(promoted.judge('--promote')).toMatchObject({ conclusion: 'promote' });
  }, timeout);
  afterAll(() => {
    promoted.remove();
  });

  const edit =
    (from: string, to: string) =>
    (workspace: Workspace): void =>
      workspace.write({ [promotion]: workspace.read(promotion).toString().replace(from, to) });
  const inHistory = 'models/income/promotions/000001.json';

  it.each<Broken>([
    {
      name: 'cut off document',
      code: 'LEDGER_INVALID',
      where: inHistory,
      breakIt: (workspace) => workspace.write({ [promotion]: '' }),
    },
    {
      name: 'document edited by hand',
      code: 'LEDGER_INVALID',
      where: inHistory,
      breakIt: edit('"version"', '"release"'),
    },
    {
      name: 'document of another model',
      code: 'LEDGER_INVALID',
      where: inHistory,
      breakIt: edit('"income"', '"outcome"'),
    },
    {
      name: 'promotion that is gone',
      code: 'LEDGER_INVALID',
      where: 'models/income/promotions/',
      breakIt: (workspace) => {
        const later = workspace.read(promotion).toString().replace('"sequence": 1', '"sequence": 2');
        workspace.write({ [promotion.replace('000001', '000002')]: later });
        rmSync(workspace.path(promotion));
      },
    },
    {
      name: 'epoch that is gone',
      code: 'LEDGER_INVALID',
      where: 'models/income/epochs/000001.json',
      breakIt: (workspace) => rmSync(workspace.path('history/models/income/epochs/000001.json')),
    },
    {
      name: 'champion of the test set whose question is gone',
      code: 'LEDGER_INVALID',
      where: 'models/income/looks/000001-*',
      breakIt: edit('"first-run"', '"test"'),
    },
    {
      name: 'history without its end',
      code: 'LEDGER_INVALID',
      where: 'history/HEAD',
      breakIt: (workspace) => rmSync(workspace.path('history/HEAD')),
    },
    {
      name: 'change cut off in the middle',
      code: 'LEDGER_INVALID',
      where: 'history/.pending.json',
      breakIt: (workspace) => workspace.write({ 'history/.pending.json': '{"head": "a", "fil' }),
    },
    {
      name: 'change that writes outside the history',
      code: 'LEDGER_INVALID',
      where: 'history/.pending.json',
      breakIt: (workspace) =>
        workspace.write({
          'history/.pending.json': '{"head": "a", "files": {"models/../../evil.json": ""}}',
        }),
    },
    {
      name: 'document of a newer factory',
      code: 'DOCUMENT_TOO_NEW',
      where: inHistory,
      breakIt: edit('promotion/1', 'promotion/2'),
    },
    {
      name: 'model with other bytes',
      code: 'DIGEST_MISMATCH',
      where: `${release}/model.onnx`,
      breakIt: (workspace) => workspace.write({ [`${release}/model.onnx`]: 'x' }),
    },
    {
      name: 'model that is gone',
      code: 'ASSET_MISSING',
      where: release,
      breakIt: (workspace) => rmSync(workspace.path(`${release}/model.onnx`)),
    },
    {
      name: 'pickle with its own checksums in place of the model',
      code: 'DIGEST_MISMATCH',
      where: 'income@v1.0.0',
      breakIt: (workspace) => {
        workspace.write({ [`${release}/model.onnx`]: '\u0080\u0004.' });
        workspace.write({ [`${release}/SHA256SUMS`]: checksums(workspace, release) });
      },
    },
  ])(
    '$name',
    ({ breakIt, ...expected }) => {
      const workspace = new Workspace(promoted);
      try {
        breakIt(workspace);
        expectError(workspace, expected);
      } finally {
        workspace.remove();
      }
    },
    timeout,
  );
});

function expectError(workspace: Workspace, { code, where }: Omit<Broken, 'breakIt'>): void {
  const ran = workspace.run('run', '--promote', '--ledger', 'history', '--out', 'out', '--workers', '1');
  const said = ran.stderr.replaceAll(`${workspace.folder}/`, '').split('\n');
  const from = said.findIndex((line) => line.startsWith(`${code}: `));
  expect({ exitCode: ran.code, stdout: ran.stdout, said }).toMatchObject({ exitCode: 2, stdout: '' });
  expect({ said, where: said[from + 1] }).toEqual({ said, where: `  where: ${where}` });
  // Lists of valid values grow with the product.
  expect(
    said
      .slice(from, from + 3)
      .join('\n')
      .replace(/(Valid: \S+).*/, '$1 …'),
  ).toMatchSnapshot();
}

function checksums(workspace: Workspace, folder: string): string {
  return readdirSync(workspace.path(folder))
    .filter((name) => name !== 'SHA256SUMS')
    .sort()
    .map((name) => {
      const digest = createHash('sha256')
        .update(workspace.read(join(folder, name)))
        .digest('hex');
      return `${digest}  ${name}\n`;
    })
    .join('');
}
