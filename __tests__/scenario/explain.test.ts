import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { configuration, people, without, Workspace } from './workspace.ts';

const timeout = 180_000;
const penguins = readFileSync(new URL('../fixtures/data/penguins.csv', import.meta.url), 'utf8');

const candidates = [
  'linear: { trainer: logistic-regression }',
  'trees: { trainer: gradient-boosting, params: { max_iter: 20 } }',
  'forest: { trainer: random-forest, params: { n_estimators: 10 } }',
  'net: { trainer: neural-network, params: { hidden_layer_sizes: [4], max_iter: 2 } }',
  'honest: { trainer: calibrated, of: trees }',
  'both: { trainer: ensemble, of: [linear, trees] }',
].join('\n');

const penguinConfiguration = (model: string, target: string): string =>
  [
    'version: 1',
    `model: ${model}`,
    `data: { source: penguins.csv, target: ${target} }`,
    'candidates:',
    '  trees: { trainer: gradient-boosting, params: { max_iter: 10 } }',
  ].join('\n');

/** Cells of a CSV without quotes, by row and name of the column. */
function cellsOf(csv: string): Record<string, string>[] {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, cells[i]!]));
  });
}

/** `base` and every contribution of a row. */
function sumOf(row: Record<string, string>): number {
  return Object.entries(row)
    .filter(([name]) => name === 'base' || name.startsWith('contribution:'))
    .reduce((sum, [, cell]) => sum + Number(cell), 0);
}

interface Explained {
  readonly prediction: string | number;
  readonly probabilities: Record<string, number>;
  readonly base: Record<string, number>;
  readonly contributions: Record<string, Record<string, number>>;
}

describe('predict --explain', () => {
  let workspace: Workspace;
  const explain = (candidate: string, ...more: readonly string[]) => {
    const model = candidate.includes('/') ? candidate : `out/candidates/${candidate}.onnx`;
    return workspace.run('predict', model, '--data', 'some.csv', '--explain', ...more);
  };

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('People', { 'people.csv': people, 'model-factory.yml': configuration(candidates) });
    workspace.judge();
    const some = people.split('\n').slice(0, 13).join('\n');
    workspace.write({ 'some.csv': without(`${some}\n`, 'income') });
  }, timeout);

  afterAll(() => workspace.remove());

  it.each(['linear', 'trees', 'forest'])('adds up to the score of each prediction: %s', (candidate) => {
    const ran = explain(candidate, '--background', 'people.csv');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    const rows = cellsOf(ran.stdout);
    expect(rows).toHaveLength(12);
    for (const row of rows) {
      const p = Number(row['p(>50K)']);
      expect(sumOf(row)).toBeCloseTo(candidate === 'forest' ? p : Math.log(p / (1 - p)), 5);
    }
    expect(new Set(rows.map((row) => row['base'])).size).toBe(1);
    expect(rows.some((row) => Number(row['contribution:age']) !== 0)).toBe(true);
  });

  it('takes the intercept as base of a linear model where no background is given', () => {
    const [plain, centred] = [explain('linear'), explain('linear', '--background', 'people.csv')].map(
      ({ stdout }) => cellsOf(stdout),
    );
    plain!.forEach((row, i) => {
      expect(sumOf(row)).toBeCloseTo(sumOf(centred![i]!), 9);
      expect(row['base']).not.toBe(centred![i]!['base']);
    });
  });

  it('says the same as JSON lines and as text', () => {
    const background = ['--background', 'people.csv'];
    const [row] = cellsOf(explain('trees', ...background).stdout);
    const [line = ''] = explain('trees', ...background, '--json').stdout.split('\n');
    const object = JSON.parse(line) as { base: number; contributions: Record<string, number> };
    expect(String(object.base)).toBe(row!['base']);
    for (const [name, value] of Object.entries(object.contributions))
      expect(String(value)).toBe(row![`contribution:${name}`]);
    const text = explain('trees', ...background, '--top', '2').stdout;
    expect(text).toContain('What each column adds to the log odds of >50K; base = where nothing is known');
    const [largest] = Object.entries(object.contributions).toSorted(
      (a, b) => Math.abs(b[1]) - Math.abs(a[1]),
    );
    const shares = text.split('\n\n')[1]!.split('\n');
    expect(shares[0]).toMatch(/^row 1: <=50K \(p = 0\.\d{3}\)$/);
    expect(shares[1]).toMatch(/^ {2}base +−\d/);
    expect(shares[2]).toContain(`  ${largest![0]} = `);
    expect(shares[4]).toMatch(/^ {2}\d+ others /);
    expect(shares[5]).toMatch(/^ {2}sum +−\d/);
  });

  it('refuses what it can not explain, with what to do', () => {
    const refused = (ran: { readonly code: number | null; readonly stderr: string }, text: string): void => {
      expect(ran.code).toBe(2);
      expect(ran.stderr).toMatch(/^ARGUMENT_INVALID/);
      expect(ran.stderr).toContain(text);
    };
    refused(explain('trees'), 'Add --background FILE with the training data');
    refused(explain('net'), 'net.onnx is a neural network');
    refused(explain('honest'), 'of the candidate inside');
    refused(explain('both'), 'is an ensemble');
    workspace.write({ 'few.csv': people.split('\n').slice(0, 6).join('\n') });
    refused(explain('trees', '--background', 'few.csv'), 'Give at least 10 rows');
    refused(explain('trees', '--json', '--top', '3'), '--json and --top exclude each other');
    const ran = workspace.run('predict', 'out', '--data', 'some.csv', '--background', 'people.csv');
    refused(ran, '--background goes with --explain');
    expect(explain('trees', '--background', 'none.csv').stderr).toContain('Check --background');
  });
});

describe('predict of classes and numbers', () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = new Workspace();
    workspace.commit('Penguins', {
      'penguins.csv': penguins,
      'kind.yml': penguinConfiguration('kind', 'species'),
      'mass.yml': penguinConfiguration('mass', 'body_mass_g'),
    });
    for (const name of ['kind', 'mass']) {
      const ran = workspace.run('run', '--config', `${name}.yml`, '--out', `out-${name}`, '--workers', '1');
      expect(ran.code).toBe(0);
    }
  }, timeout);

  afterAll(() => workspace.remove());

  it('explains the predicted one of several classes, in JSON each', () => {
    const asked = ['predict', 'out-kind/candidates/trees.onnx', '--data', 'penguins.csv', '--explain'];
    const ran = workspace.run(...asked, '--background', 'penguins.csv');
    const rows = cellsOf(ran.stdout);
    const json = workspace.run(...asked, '--background', 'penguins.csv', '--json').stdout;
    const objects = json
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Explained);
    expect(rows).toHaveLength(objects.length);
    expect(new Set(rows.map((row) => row['prediction']))).toEqual(new Set(['Adelie', 'Chinstrap', 'Gentoo']));
    for (const [i, { prediction, probabilities, base, contributions }] of objects.entries()) {
      const names = Object.keys(probabilities);
      const scores = names.map((name) =>
        Object.values(contributions[name]!).reduce((sum, value) => sum + value, base[name]!),
      );
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      names.forEach((name, k) => {
        expect(Math.exp(scores[k]!) / total).toBeCloseTo(probabilities[name]!, 5);
        expect(String(probabilities[name])).toBe(rows[i]![`p(${name})`]);
      });
      expect(rows[i]!['prediction']).toBe(prediction);
      expect(sumOf(rows[i]!)).toBeCloseTo(scores[names.indexOf(String(prediction))]!, 9);
    }
  });

  it('says in the model card how far columns move the number', () => {
    const promoted = ['--config', 'mass.yml', '--out', 'out-card', '--ledger', 'history', '--promote'];
    expect(workspace.run('run', ...promoted, '--workers', '1').code).toBe(0);
    const card = workspace.read('out-card/model/MODEL_CARD.md').toString();
    expect(card).toContain(
      'How far each column moves the prediction of a row, up or down: mean over 342 rows',
    );
    expect(card).toMatch(/\| Column \| Mean contribution \|\n.*\n\| `species` \| \d/);
  });

  it('writes a number and what adds up to it', () => {
    const asked = ['predict', 'out-mass/candidates/trees.onnx', '--data', 'penguins.csv'];
    const ran = workspace.run(...asked, '--with', 'species', '--explain', '--background', 'penguins.csv');
    const rows = cellsOf(ran.stdout);
    expect(Object.keys(rows[0]!).slice(0, 3)).toEqual(['species', 'prediction', 'base']);
    for (const row of rows) expect(Math.abs(sumOf(row) - Number(row['prediction']))).toBeLessThan(1e-3);
    const [first = ''] = workspace.run(...asked, '--json', '--with', 'species').stdout.split('\n');
    expect(JSON.parse(first)).toEqual({
      row: 1,
      with: { species: rows[0]!['species'] },
      prediction: Number(rows[0]!['prediction']),
    });
  });
});
