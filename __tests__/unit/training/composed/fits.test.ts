import { describe, expect, it } from '@jest/globals';
import { foldsWithin, type RowStructure } from '../../../../src/data/row-structure.ts';
import type { Table } from '../../../../src/data/table.ts';
import { writeOnnx } from '../../../../src/model/onnx/write.ts';
import { predict } from '../../../../src/model/score.ts';
import { Random } from '../../../../src/numeric/random.ts';
import type { Dataset } from '../../../../src/training/dataset.ts';
import { runFit, type FitJob } from '../../../../src/training/fit.ts';

const rows = (from: number, to: number) => Int32Array.from({ length: to - from }, (_, i) => from + i);

/** 16 bytes a row that depend on the unit's number only. */
function unitsOf(unitOf: readonly number[]): Uint8Array {
  const units = new Uint8Array(16 * unitOf.length);
  unitOf.forEach((unit, row) => {
    const random = new Random(unit + 1);
    for (let byte = 0; byte < 16; byte++) units[16 * row + byte] = random.integer(256);
  });
  return units;
}

interface Drawn {
  readonly count: number;
  readonly seed: number;
  readonly signal: number;
  readonly structure?: RowStructure;
}

/** Two numbers and a category; the target follows them with the strength of `signal`. */
function dataset({ count, seed, signal, structure }: Drawn): Dataset {
  const random = new Random(seed);
  const numbers = () =>
    Float64Array.from({ length: count }, () => (random.integer(20) ? random.normal() : NaN));
  const [a, b] = [numbers(), numbers()];
  const codes = Int32Array.from({ length: count }, () => random.integer(4) - 1);
  const table: Table = {
    rows: count,
    columns: [
      { kind: 'numeric', name: 'a', values: a },
      { kind: 'numeric', name: 'b', values: b },
      { kind: 'categorical', name: 'c', codes, levels: ['x', 'y', 'z'] },
    ],
  };
  const y = Float64Array.from({ length: count }, (_, row) => {
    const size = signal * ((a[row]! || 0) + (b[row]! || 0) ** 2 - 1 + codes[row]! / 2);
    return random.next() < 1 / (1 + Math.exp(-size)) ? 1 : 0;
  });
  return {
    ...{ task: 'binary', classes: ['no', 'yes'], table, y },
    inputs: [
      { name: 'a', type: 'number' },
      { name: 'b', type: 'number' },
      { name: 'c', type: 'category' },
    ],
    structure: structure ?? { kind: 'units', units: unitsOf([...rows(0, count)]) },
  };
}

const logistic = { name: 'logistic', trainer: 'logistic-regression', params: {}, seed: 11 };
const boosting = { name: 'boosting', trainer: 'gradient-boosting', params: { max_iter: 30 }, seed: 12 };
const job = (
  trainer: string,
  params: FitJob['params'],
  members: FitJob['members'] = [logistic, boosting],
) => ({
  ...{ trainer, params, seed: 5, members },
});

function logLoss({ y }: Dataset, test: Int32Array, p: Float64Array): number {
  const clip = (value: number) => Math.min(Math.max(value, 1e-4), 1 - 1e-4);
  const loss = [...test].map((row, i) => -Math.log(clip(y[row] === 1 ? p[2 * i + 1]! : p[2 * i]!)));
  return loss.reduce((sum, value) => sum + value, 0) / test.length;
}

describe('an ensemble', () => {
  const data = dataset({ count: 900, seed: 1, signal: 1.5 });
  const train = rows(0, 600);
  const test = rows(600, 900);
  const alone = [logistic, boosting].map((member) => runFit(data, { ...member, train, test }).predictions);

  it('by average answers exactly the mean of what its members answer by themselves', () => {
    const { predictions } = runFit(data, { ...job('ensemble', {}), train, test });
    expect([...predictions]).toEqual([...alone[0]!].map((value, i) => (value + alone[1]![i]!) / 2));
    const weighted = runFit(data, { ...job('ensemble', { weights: [3, 1] }), train, test });
    expect([...weighted.predictions]).toEqual([...alone[0]!].map((v, i) => (3 * v + alone[1]![i]!) / 4));
  });

  it('by stacking is about as good as its best member, whichever that is', () => {
    const { predictions } = runFit(data, { ...job('ensemble', { method: 'stacking' }), train, test });
    const best = Math.min(...alone.map((p) => logLoss(data, test, p)));
    expect(logLoss(data, test, predictions)).toBeLessThan(best + 0.01);
  });

  it('gives the same bytes whatever rows are tested, and other ones for another member', () => {
    const params = { method: 'stacking', cv: 3 };
    const bytes = (members: FitJob['members'], scored: Int32Array) =>
      writeOnnx(runFit(data, { ...job('ensemble', params, members), train, test: scored }).pipeline);
    const first = bytes([logistic, boosting], test);
    expect(bytes([logistic, boosting], new Int32Array())).toEqual(first);
    expect(bytes([logistic, { ...boosting, params: { max_iter: 31 } }], test)).not.toEqual(first);
  });

  it('counts its fits, and says which member warns', () => {
    const seen: number[] = [];
    const members = [{ ...logistic, params: { max_iter: 1 } }, boosting];
    const { warnings } = runFit(
      data,
      { ...job('ensemble', { method: 'stacking', cv: 3 }, members), train, test },
      (fraction) => seen.push(fraction),
    );
    expect(seen).toEqual(Array.from({ length: 8 }, (_, i) => (i + 1) / 8));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^logistic: .*did not converge/);
  });

  it('names the member that can not be trained', () => {
    const members = [logistic, { ...boosting, params: { max_iter: 0 } }];
    expect(() => runFit(data, { ...job('ensemble', {}, members), train, test })).toThrow(
      /^boosting: .*max_iter/,
    );
  });
});

describe('a model of noise', () => {
  it.each([
    ['ensemble', { method: 'stacking' }],
    ['calibrated', { method: 'isotonic' }],
    ['calibrated', { method: 'sigmoid' }],
  ] as const)('%s %j is no better than the shares of the classes', (trainer, params) => {
    const members = trainer === 'ensemble' ? [logistic, boosting] : [boosting];
    const gains = [1, 2, 3, 4, 5].map((seed) => {
      const data = dataset({ count: 1000, seed, signal: 0 });
      const [train, test] = [rows(0, 700), rows(700, 1000)];
      const own = runFit(data, { ...job(trainer, params, members), train, test }).predictions;
      const dummy = { trainer: 'dummy', params: {}, seed: 1, train, test };
      return logLoss(data, test, runFit(data, dummy).predictions) - logLoss(data, test, own);
    });
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeLessThan(0.005);
    // A map or stack that had learnt from rows that its members knew would trust them, and be far off.
    for (const gain of gains) expect(gain).toBeGreaterThan(-0.06);
  });

  it('whose rows come in copies is not believed, because copies stay in one inner fold', () => {
    const unitOf = Array.from({ length: 600 }, (_, row) => Math.floor(row / 6));
    const structure: RowStructure = { kind: 'units', units: unitsOf(unitOf) };
    const random = new Random(3);
    const perUnit = Array.from({ length: 100 }, () => ({ a: random.normal(), y: random.integer(2) }));
    const data: Dataset = {
      ...{ task: 'binary', classes: ['no', 'yes'], structure, inputs: [{ name: 'a', type: 'number' }] },
      table: {
        rows: 600,
        columns: [
          { kind: 'numeric', name: 'a', values: Float64Array.from(unitOf, (unit) => perUnit[unit]!.a) },
        ],
      },
      y: Float64Array.from(unitOf, (unit) => perUnit[unit]!.y),
    };
    const deep = { ...boosting, params: { max_iter: 40, min_samples_leaf: 3 } };
    const [train, test] = [rows(0, 480), rows(480, 600)];
    const spread = (own: Dataset) => {
      const { pipeline } = runFit(own, { ...job('calibrated', {}, [deep]), train, test });
      const p = predict(pipeline, own.table, test);
      return Math.max(...p) - Math.min(...p);
    };
    const apart: RowStructure = { kind: 'units', units: unitsOf([...rows(0, 600)]) };
    expect(spread({ ...data, structure: apart })).toBeGreaterThan(0.8);
    expect(spread(data)).toBeLessThan(0.5);
  });
});

describe('folds within training rows', () => {
  const strata = new Float64Array(60);

  it('keep units whole', () => {
    const unitOf = Array.from({ length: 60 }, (_, row) => row % 12);
    const folds = foldsWithin({ kind: 'units', units: unitsOf(unitOf) }, rows(0, 60), strata, 4);
    for (const { train, test } of folds) {
      const tested = new Set(Array.from(test, (row) => unitOf[row]));
      expect([...train].some((row) => tested.has(unitOf[row]))).toBe(false);
    }
  });

  it('test later rows than they learn from, with a gap', () => {
    const times = Float64Array.from({ length: 60 }, (_, row) => (row * 7) % 60);
    const folds = foldsWithin({ kind: 'time', times, gap: 2 }, rows(0, 60), strata, 3);
    expect(folds).toHaveLength(3);
    for (const { train, test } of folds)
      expect(Math.max(...Array.from(train, (row) => times[row]!)) + 2).toBeLessThanOrEqual(
        Math.min(...Array.from(test, (row) => times[row]!)),
      );
  });

  it('keep the folds of a fold file whole, and refuse rows of one fold', () => {
    const foldOf = Int32Array.from({ length: 60 }, (_, row) => row % 5);
    const some = rows(0, 60).filter((row) => foldOf[row] !== 3);
    const folds = foldsWithin({ kind: 'given', foldOf }, some, strata, 3);
    expect(folds.map(({ test }) => [...new Set(Array.from(test, (row) => foldOf[row]))])).toEqual([
      [0, 4],
      [1],
      [2],
    ]);
    const one = rows(0, 60).filter((row) => foldOf[row] === 3);
    expect(() => foldsWithin({ kind: 'given', foldOf }, one, strata, 3)).toThrow('all in one fold');
  });

  it('say that cv is too large', () => {
    const units = unitsOf(Array.from({ length: 60 }, (_, row) => row % 2));
    expect(() => foldsWithin({ kind: 'units', units }, rows(0, 60), strata, 5)).toThrow(
      'too few different rows, groups or times for 5 folds within the training rows',
    );
  });
});
