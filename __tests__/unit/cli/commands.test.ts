import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommandLine } from '../../../src/cli/main.ts';
import { wrap } from '../../../src/cli/wrap.ts';
import { testTerminal } from './terminal.ts';

async function run(argv: readonly string[], files: Readonly<Record<string, string | Buffer>> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'model-factory-cli-'));
  const { terminal, out, errors } = testTerminal({ workingDirectory: folder });
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const code = await runCommandLine(argv, terminal);
    return { code, out: out.join('\n'), errors: errors.join('\n') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('explain', () => {
  it('explains a rule as a verdict names it', async () => {
    const { code, out } = await run(['explain', 'gate.block.floor.roc_auc']);
    expect(code).toBe(0);
    expect(out).toMatch(/^gate\.block\.floor\n\nA metric must not be below this value\.\n/);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('names the nearest rule for an unknown one, and all of them without one', async () => {
    expect(await run(['explain', 'gate.metrc'])).toMatchObject({
      code: 2,
      errors: 'ARGUMENT_INVALID: There is no rule "gate.metrc".\n  fix:   Did you mean "gate.metric"?',
    });
    expect((await run(['explain'])).errors).toContain('gate.block.slices');
  });
});

describe('data profile', () => {
  const csv = `id,sex,age\n${Array.from({ length: 120 }, (_, i) => `k${i},${i % 2 ? 'f' : 'm'},${i % 7}`).join('\n')}\n`;

  it('shows columns and keys, and with a target what is in the way', async () => {
    const { code, out } = await run(['data', 'profile', 'a.csv', '--target', 'sex'], { 'a.csv': csv });
    expect(code).toBe(0);
    expect(out).toContain('a.csv: 120 rows, 3 columns');
    expect(out).toContain('id is different in each row');
    expect(out).toContain('DATA_COLUMN: 120 of 120 values are different');
  });

  it('prints JSON, with the problem as code, place and fix', async () => {
    const args = ['data', 'profile', 'a.csv', '--target', 'sex', '--json'];
    const { out } = await run(args, { 'a.csv': csv });
    expect(JSON.parse(out)).toMatchObject({
      rows: 120,
      keys: [['id']],
      problem: { code: 'DATA_COLUMN', at: { name: 'id' } },
    });
    const dropped = await run([...args, '--drop', 'id'], { 'a.csv': csv });
    expect(JSON.parse(dropped.out)).toMatchObject({ problem: null, task: { name: 'binary' } });
  });

  const messy = `id;price;fee;size\n${Array.from({ length: 40 }, (_, i) => `k${i};${i},5;1.${100 + i},25;${i % 5}`).join('\n')}\n`;

  it('finds out how a file is written, and shows what it could not read', async () => {
    const { out } = await run(['data', 'profile', 'a.csv'], { 'a.csv': messy });
    expect(out).toContain('set below data: decimal: ",".');
    expect(out).toMatch(/price +numeric/);
    expect(out).toMatch(/fee: "1\.100,25" has a thousands separator.*data\.drop/);
  });

  it('reads a file as the options say', async () => {
    const args = [
      'data',
      'profile',
      'a.csv',
      '--delimiter',
      'tab',
      '--decimal',
      ',',
      '--encoding',
      'latin-1',
    ];
    const text = Buffer.from('größe\tn\n1,5\t2\n2,5\t3\n', 'latin1');
    const { out } = await run([...args, '--json'], { 'a.csv': text });
    expect(JSON.parse(out)).toMatchObject({ format: {}, columns: [{ name: 'größe', type: 'numeric' }, {}] });
    expect((await run(['data', 'profile', 'a.csv', '--dates', 'us'])).errors).toContain(
      '--dates can not be "us".\n  fix:   Write one of day-first, month-first.',
    );
    expect((await run(['data', 'profile', 'a.csv', '--delimiter', '||'])).errors).toContain('the word tab');
  });

  it('reads the data of a configuration as a run does', async () => {
    const config = 'version: 1\nmodel: aa\ndata: { source: a.csv, target: price, drop: [fee, id] }\n';
    const files = { 'a.csv': messy, 'm.yml': config };
    const profile = ['data', 'profile', '--config', 'm.yml', '--json'];
    expect(JSON.parse((await run(profile, files)).out)).toMatchObject({
      format: {},
      columns: [{}, { type: 'categorical' }, {}, {}],
    });
    const told = { ...files, 'm.yml': config.replace('drop:', 'decimal: ",", drop:') };
    expect(JSON.parse((await run(profile, told)).out)).toMatchObject({
      task: { name: 'regression' },
      problem: null,
    });
    expect((await run([...profile, 'a.csv'], files)).errors).toContain('a.csv does not go with it');
    expect((await run([...profile, '--drop', 'x'], files)).errors).toContain('--drop does not go with it');
  });

  it('says where the data is when only its DVC pointer is there', async () => {
    const { code, errors } = await run(['data', 'profile', 'a.csv'], { 'a.csv.dvc': 'outs:\n' });
    expect(code).toBe(2);
    expect(errors).toMatch(/^DATA_DVC_POINTER: .*\n {2}where: a\.csv\.dvc\n {2}fix: .*dvc pull/);
  });

  it('names a missing file', async () => {
    expect((await run(['data', 'profile', 'b.csv'])).errors).toMatch(
      /^DATA_MISSING: There is no file b\.csv\./,
    );
  });
});

describe('history', () => {
  it('tells that nothing was released', async () => {
    expect(await run(['show', 'churn', '--ledger', 'none'])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('No version of "churn" was released.'),
    });
  });
});

describe('wrap', () => {
  it('breaks at blanks and keeps long words', () => {
    expect(wrap('one two three overlongword x', 9)).toBe('one two\nthree\noverlongword\nx');
  });
});
