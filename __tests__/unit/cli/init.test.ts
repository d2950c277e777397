import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runCommandLine } from '../../../src/cli/main.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { read } from '../structure/sources.ts';

const ignore = (): void => undefined;
const penguins = read('__tests__/fixtures/data/penguins.csv');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-factory-init-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs `init` with a person who gives `answers` one after the other, or with nobody. */
async function init(
  args: readonly string[],
  files: Readonly<Record<string, string | Buffer>>,
  answers: readonly string[] | null = null,
) {
  const out: string[] = [];
  const errors: string[] = [];
  const questions: string[] = [];
  const terminal: Terminal = {
    print: (text) => void out.push(text),
    error: (text) => void errors.push(text),
    logger: { debug: ignore, info: ignore, warning: ignore, error: ignore, group: (_, body) => body() },
    interactive: false,
    columns: 100,
    draw: ignore,
    ask: answers && ((question) => Promise.resolve(answers[questions.push(question) - 1] ?? '')),
    workingDirectory: folder,
    environment: {},
    workerEntry: '',
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const code = await runCommandLine(['init', ...args], terminal);
  const config = await readFile(join(folder, 'model-factory.yml'), 'utf8').catch(() => null);
  return { code, out: out.join('\n'), errors: errors.join('\n'), questions, config };
}

describe('init without a terminal', () => {
  it('names the flags that it needs, with its guess', async () => {
    expect(await init([], { 'a.csv': penguins })).toMatchObject({
      code: 2,
      errors: expect.stringContaining(
        'ARGUMENT_INVALID: The target is not given.\n' +
          '  fix:   Name it with --target, for example species; --yes takes this guess.',
      ),
      config: null,
    });
    const two = await init([], { 'a.csv': penguins, 'data/b.csv': penguins });
    expect(two.errors).toContain('There are several CSV files: a.csv, data/b.csv.');
    expect(two.errors).toContain('model-factory init FILE.csv');
  });

  it('finds the file in data/ and takes every guess with --yes', async () => {
    const { code, config } = await init(['--yes'], { 'data/birds.csv': penguins });
    expect([code, config]).toEqual([
      0,
      'version: 1\nmodel: birds\ndata:\n  source: data/birds.csv\n' +
        '  target: species # multiclass: species has 3 classes\n',
    ]);
  });

  it('replaces nothing without --force and prints with --dry-run', async () => {
    const files = { 'a.csv': penguins, 'model-factory.yml': 'mine' };
    expect(await init(['--yes'], files)).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/^FILE_EXISTS: .*\n {2}where: model-factory\.yml\n {2}fix: .*--force/),
      config: 'mine',
    });
    const dry = await init(['--yes', '--dry-run'], {});
    expect(dry.out).toMatch(
      /^# ---- model-factory\.yml\nversion: 1\n[^]*\n# ---- \.github\/workflows\/model-factory\.yml\n/,
    );
    expect([dry.code, dry.config, await readdir(folder)]).toEqual([
      0,
      'mine',
      ['a.csv', 'model-factory.yml'],
    ]);
    expect((await init(['--yes', '--force'], {})).config).toContain('model: model\n');
  });

  it.each([
    [['--target', 'specie'], 'DATA_COLUMN: --target names the column "specie"', 'Did you mean "species"?'],
    [['--drop', 'sex,yeer'], 'DATA_COLUMN: --drop names the column "yeer"', 'Did you mean "year"?'],
    [['--workflow', 'matrx'], '--workflow can not be "matrx"', 'Did you mean "matrix"?'],
    [['--uses', 'acme'], '--uses can not be "acme"', 'OWNER/model-factory@REF'],
    [['--model', 'My Model'], '--model can not be "My Model"', 'lower-case'],
    [['--target', 'sex', '--positive', 'f'], '--positive can not be "f"', 'female, male'],
    [['--target', 'year', '--drop', 'year'], '--drop can not be "year"', 'It is the target'],
  ])('%j: %s', async (args, message, fix) => {
    const { code, errors, config } = await init(['--yes', ...args], { 'a.csv': penguins });
    expect(errors).toContain(message);
    expect(errors).toContain(fix);
    expect([code, config]).toEqual([2, null]);
  });

  it('leaves out numbers that the decimal comma can not be read in', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 3},5;1.${100 + i},25;${i % 2 ? 'ja' : 'nein'}`);
    const { code, config } = await init(['--target', 'gone', '--yes'], {
      'a.csv': `price;sum;gone\n${rows.join('\n')}\n`,
    });
    expect(code).toBe(0);
    expect(config).toContain('  positive: ja ');
    expect(config).toContain('    - sum # "1.100,25" has a thousands separator');
  });

  it('reads what a spreadsheet exports: Latin-1, semicolons, decimal commas, dates', async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${1 + (i % 28)}/3/2024;M\xfcller;${i},5;${i % 2 ? 'ja' : 'nein'}`,
    );
    const csv = Buffer.from(['Tag;Name;Betrag;Kauf', ...rows, ''].join('\r\n'), 'latin1');
    const { code, config } = await init(['--target', 'Kauf'], { 'export.csv': csv });
    expect(code).toBe(0);
    expect(config).toContain('  encoding: windows-1252 # the file is not UTF-8\n');
    expect(config).toContain("  decimal: ',' # numbers are written 1,5\n");
    expect(config).toContain('  dates: day-first # the only order in which all dates exist\n');
    expect(config).toContain('  # time: Tag # a date: set it if');
  });

  it('says that there is nothing to begin with', async () => {
    expect((await init(['--yes'], {})).errors).toMatch(/^DATA_MISSING: There is no CSV file in this folder/);
    const pointer = { 'a.csv.dvc': 'outs:\n' };
    expect((await init(['--yes'], pointer)).errors).toContain('DATA_DVC_POINTER');
  });
});

describe('init at a terminal', () => {
  const day = (i: number): string => new Date(i * 864e5).toISOString().slice(0, 10);
  const orders = [
    'order_id,customer_id,day,amount,note,returned',
    ...Array.from({ length: 600 }, (_, i) =>
      [`o${(7 * i) % 601}`, `c${i % 150}`, day(i), i % 90, `n${i}`, i % 3 ? 'no' : 'yes'].join(','),
    ),
    '',
  ].join('\n');

  it('asks for each choice with its default, and writes the reasons', async () => {
    const answers = ['', '', '', '', '', 'amount', 'maybe', 'yes', 'orders'];
    const { code, questions, config, errors } = await init([], { 'a.csv': orders }, answers);
    expect(code).toBe(0);
    expect(questions).toEqual([
      'Which column is to be predicted [returned]: ',
      expect.stringMatching(/^Which column names a row for good.*\[order_id\]: $/),
      expect.stringMatching(/^Which date orders the rows.*\[day\]: $/),
      expect.stringMatching(/^Which column names what several rows belong to.*\[customer_id\]: $/),
      expect.stringMatching(/^Columns to leave out.*\[none\]: $/),
      ...Array.from({ length: 3 }, () => 'Which class counts as "yes", no or yes [yes]: '),
      expect.stringMatching(/^Name of the model.*\[model\]: $/),
      expect.stringMatching(/^Workflow: .*\[one-job\]: $/),
      expect.stringMatching(/^The action as .*\[OWNER\/model-factory@v1\]: $/),
    ]);
    expect(errors).toContain('--positive can not be "amount"');
    expect(config).toContain('model: orders\n');
    expect(config).toContain('  key: order_id # different in each row');
    expect(config).toContain('  time: day # rows are in the order of this date\n');
    expect(config).toContain('  group: customer_id # 150 ids in 600 rows');
    expect(config).toContain('    - note # 600 of 600 values are different');
  });

  it('asks nothing that the command line says', async () => {
    const flags = [
      '--target',
      'returned',
      '--key',
      'none',
      '--time',
      'none',
      '--group',
      'none',
      '--drop',
      'note',
    ];
    const more = [
      '--positive',
      'yes',
      '--model',
      'returns',
      '--workflow',
      'matrix',
      '--uses',
      'acme/model-factory@v1',
    ];
    const { questions, config } = await init([...flags, ...more], { 'a.csv': orders }, []);
    expect(questions).toEqual([]);
    expect(config).toContain('    - note # chosen\n    - order_id #');
    expect(await readFile(join(folder, '.github/workflows/model-factory.yml'), 'utf8')).toContain(
      'acme/model-factory/train@v1',
    );
  });
});
