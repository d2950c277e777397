import { Random } from '../../../../src/numeric/random.ts';
import type { LossData } from '../../../../src/training/linear/placed-loss.ts';
import type { TrainingSet } from '../../../../src/training/trainer.ts';

/** Three numbers, their sum with little noise, a mark that few rows have, and classes that depend on all. */
export function givenRows(classes: number, rows: number): LossData {
  const random = new Random(classes);
  const table = Array.from({ length: rows }, (_, row) => {
    const numbers = [random.normal(), random.normal(), random.normal()];
    const total = numbers[0]! + numbers[1]! + numbers[2]! + 0.01 * random.normal();
    return [...numbers, total, row % 997 === 0 ? 1 : 0];
  });
  const y = Float64Array.from(table, (row) => {
    const score = row[0]! + 2 * row[4]! + random.normal();
    return score > 1 ? classes - 1 : score > 0 ? 1 : 0;
  });
  const costs = new Float64Array(rows).fill(1);
  return { x: Float32Array.from(table.flat()), rows, features: 5, intercept: true, y, costs };
}

/** The same for a trainer. */
export function trainingSetOf({ x, rows, features, y }: LossData): TrainingSet {
  const names = Array.from({ length: features }, (_, j) => `x${j}`);
  const classes = Math.max(...y) + 1;
  return {
    ...{ task: classes === 2 ? 'binary' : 'multiclass', rows, x, y, classes },
    features: names.map((name) => ({ name, input: name, levels: 0 })),
  };
}
