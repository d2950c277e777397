import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { spawnSync } from 'node:child_process';
import { lstatSync, symlinkSync, writeFileSync } from 'node:fs';
import { adult, configuration, program, strong, weak, without, Workspace } from './workspace.ts';

const timeout = 120_000;
const lines = adult.trimEnd().split('\n');

/** The header and some rows of the census, with a column that names each. */
const rows = (first: number, count: number): string =>
  [lines[0]!, ...lines.slice(first, first + count)]
    .map((line, i) => `${i === 0 ? 'person' : `"no. ${i}"`},${line}`)
    .join('\n');

describe('predict', () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('First model', { 'people.csv': adult, 'model-factory.yml': configuration(weak) });
    workspace.judge('--promote');
    workspace.commit('A better one', { 'model-factory.yml': configuration(strong) });
    workspace.judge('--promote');
    workspace.write({ 'some.csv': without(rows(1, 40), 'income') });
  }, timeout);

  afterAll(() => workspace.remove());

  it('writes one line for each row, in their order: copies, the class and the probabilities', () => {
    const ran = workspace.run('predict', 'out/model', '--data', 'some.csv', '--with', 'person');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const [header, ...predicted] = ran.stdout.trimEnd().split('\n');
    expect(header).toBe('person,prediction,p(<=50K),p(>50K)');
    expect(predicted).toHaveLength(40);
    for (const [i, line] of predicted.entries()) {
      const [person, prediction, no, yes] = line.split(',');
      expect(person).toBe(`no. ${i + 1}`);
      expect(Number(no) + Number(yes)).toBeCloseTo(1, 9);
      expect(prediction).toBe(Number(yes) > Number(no) ? '>50K' : '<=50K');
    }
  });

  it('asks the champion of a history, or any of its versions', () => {
    const ask = (model: string): string => {
      const out = `${model}.csv`;
      const ran = workspace.run('predict', model, '--ledger', 'history', '--data', 'some.csv', '--out', out);
      expect(ran).toMatchObject({ code: 0, stdout: '' });
      return workspace.read(out).toString();
    };
    const champion = ask('income');
    expect(champion).toBe(ask('income@v1.1.0'));
    expect(champion).not.toBe(ask('income@v1.0.0'));
    expect(champion).toBe(workspace.run('predict', 'out', '--data', 'some.csv').stdout);
  });

  it('names a missing column, a cell of another type, and a version that is not there', () => {
    const header = lines[0]!.split(',');
    workspace.write({
      'fewer.csv': without(rows(1, 5), 'age'),
      'typo.csv': rows(1, 5).replace(/"no. 3",\d+/, '"no. 3",forty'),
    });
    expect(header[0]).toBe('age');
    const fewer = workspace.run('predict', 'out/model', '--data', 'fewer.csv');
    expect(fewer).toMatchObject({ code: 2, stdout: '' });
    expect(fewer.stderr).toContain('The model needs a column "age", which the file does not have');
    workspace.write({ 'renamed.csv': without(rows(1, 3), 'income').replace(',age,', ',agee,') });
    const near = workspace.run('predict', 'out/model', '--data', 'renamed.csv', '--with', 'persons');
    expect(near.stderr).toContain('fix:   If "agee" is meant, rename it to "age" in the file.');
    expect(near.stderr).toContain('fix:   Did you mean "person"?');
    const typo = workspace.run('predict', 'out/model', '--data', 'typo.csv').stderr;
    expect(typo).toContain('"forty" is not a number, as the column is in the model');
    expect(typo).toContain('typo.csv, row 3, "age"');
    const version = ['predict', 'income@v9.0.0', '--ledger', 'history', '--data', 'some.csv'];
    expect(workspace.run(...version).stderr).toContain('VERSION_UNKNOWN');
    expect(workspace.run('predict', 'income', '--data', 'some.csv').stderr).toContain('--ledger ./history');
  });

  it('reads Parquet like CSV', () => {
    const [header = [], ...cells] = rows(1, 40)
      .split('\n')
      .map((line) => line.replaceAll('"', '').split(','));
    const numeric = new Set(['age', 'education-num', 'capital-gain', 'hours-per-week']);
    const columnData = header.map((name, j) => ({
      name,
      data: cells.map((row) => (numeric.has(name) ? Number(row[j]) : row[j] || null)),
      type: numeric.has(name) ? ('DOUBLE' as const) : ('STRING' as const),
    }));
    writeFileSync(workspace.path('some.parquet'), new Uint8Array(parquetWriteBuffer({ columnData })));
    const ask = (data: string) => workspace.run('predict', 'out', '--data', data, '--with', 'person');
    expect(ask('some.parquet')).toEqual(ask('some.csv'));
    expect(ask('some.parquet').stdout.split('\n')).toHaveLength(42);
  });

  it.each([
    ['model.onnx', (text: string) => text.replace('>50K', '>60K')],
    ['signature.json', (text: string) => text.replace('"age"', '"aged"')],
    ['SHA256SUMS', (text: string) => text.replace(/^[0-9a-f]{8}(?=.*model\.onnx)/m, '00000000')],
  ])('predicts nothing where %s was changed', (file, change) => {
    const copy = new Workspace(workspace);
    const before = copy.read(`out/model/${file}`).toString('latin1');
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(copy.path(`out/model/${file}`), after, 'latin1');
    const ran = copy.run('predict', 'out/model', '--data', 'some.csv');
    copy.remove();
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/^DIGEST_MISMATCH: .* differs from the SHA256SUMS beside it/);
  });

  it('never replaces the data or the model by the predictions, and follows a link', () => {
    const copy = new Workspace(workspace);
    for (const out of ['some.csv', './out/../some.csv', 'out/model/model.onnx']) {
      const before = copy.read(out);
      const ran = copy.run('predict', 'out/model/model.onnx', '--data', 'some.csv', '--out', out);
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      expect(ran.stderr).toContain('which the predictions are made from');
      expect(copy.read(out)).toEqual(before);
    }
    copy.write({ 'there.csv': 'old' });
    symlinkSync('there.csv', copy.path('link.csv'));
    expect(copy.run('predict', 'out', '--data', 'some.csv', '--out', 'link.csv').code).toBe(0);
    expect(lstatSync(copy.path('link.csv')).isSymbolicLink()).toBe(true);
    expect(copy.read('there.csv').toString()).toMatch(/^prediction,/);
    copy.remove();
  });

  it('ends well when its reader has seen enough, and badly when the disk is full', () => {
    workspace.write({ 'many.csv': rows(1, 2900) });
    const ask = `"${process.execPath}" "${program}" predict out --data many.csv`;
    const shell = (line: string) =>
      spawnSync('bash', ['-c', line], { cwd: workspace.folder, encoding: 'utf8' });
    const enough = shell(`set -o pipefail; ${ask} | head -1; echo $?`);
    expect(enough).toMatchObject({ stdout: 'prediction,p(<=50K),p(>50K)\n0\n', stderr: '' });
    expect(shell(`mkfifo pipe; ${ask} --out pipe & sed -n 1p pipe; wait $!`)).toMatchObject({
      ...{ status: 0, stdout: 'prediction,p(<=50K),p(>50K)\n' },
    });
    const full = shell(`${ask} > /dev/full`);
    expect(full.status).toBe(2);
    expect(full.stderr).toMatch(/^FILE_UNWRITABLE: .*ENOSPC/);
    expect(full.stderr).not.toContain('    at ');
  });
});
