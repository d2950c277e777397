import type { Task } from '../contracts/task.ts';

/**
 * What a model said about rows whose truth is known. `y`: class index (binary: 1 = positive) or the number.
 * `p`: row-major, rows × classes probabilities; for regression (`classes` = 0) rows × 1 predicted values.
 */
export interface Predictions {
  readonly task: Task;
  readonly classes: number;
  readonly rows: number;
  readonly y: Float64Array;
  readonly p: Float64Array;
}

/** Columns of `p`. */
export function widthOf({ classes }: Pick<Predictions, 'classes'>): number {
  return Math.max(classes, 1);
}

/** Rows `rows[i]` in that order. */
export function selectPredictions(predictions: Predictions, rows: ArrayLike<number>): Predictions {
  const width = widthOf(predictions);
  const y = new Float64Array(rows.length);
  const p = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    y[i] = predictions.y[row]!;
    for (let k = 0; k < width; k++) p[i * width + k] = predictions.p[row * width + k]!;
  }
  return { task: predictions.task, classes: predictions.classes, rows: rows.length, y, p };
}

/** The most probable class of each row; the lower index wins a tie, as in scikit-learn's `predict`. */
export function predictedClasses({ rows, classes, p }: Predictions): Int32Array {
  const predicted = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let k = 1; k < classes; k++) if (p[row * classes + k]! > p[row * classes + best]!) best = k;
    predicted[row] = best;
  }
  return predicted;
}

/** Rows of each class; empty for regression. */
export function classCounts({ rows, classes, y }: Predictions): number[] {
  const counts = new Array<number>(classes).fill(0);
  if (classes > 0) for (let row = 0; row < rows; row++) counts[y[row]!]!++;
  return counts;
}

/** Probabilities of models that compute in float32 may miss 0 and 1 by this much. */
const SLACK = 1e-6;

/** Why these predictions can't be judged, as a clause; null when they can. */
export function faultOf({ task, classes, rows, y, p }: Predictions): string | null {
  const width = widthOf({ classes });
  if (rows === 0) return 'there are no predictions';
  if (task === 'regression' ? classes !== 0 : classes < 2) return `${classes} classes do not fit ${task}`;
  if (y.length !== rows || p.length !== rows * width) return 'predictions and rows differ in number';
  for (let row = 0; row < rows; row++) {
    const truth = y[row]!;
    if (!Number.isFinite(truth)) return `the truth of row ${row + 1} is not a number`;
    if (classes > 0 && !(Number.isInteger(truth) && truth >= 0 && truth < classes))
      return `the truth of row ${row + 1} is not a class`;
  }
  for (let i = 0; i < p.length; i++) {
    const value = p[i]!;
    const row = Math.floor(i / width) + 1;
    if (!Number.isFinite(value)) return `the prediction of row ${row} is not a finite number`;
    if (classes > 0 && (value < -SLACK || value > 1 + SLACK))
      return `a probability of row ${row} is outside 0 to 1`;
  }
  return null;
}

/** Whether two models said exactly the same about the same rows. */
export function samePredictions(a: Predictions, b: Predictions): boolean {
  return sameRows(a, b) && sameNumbers(a.p, b.p);
}

/** Whether both are about the same rows with the same truth. */
export function sameRows(a: Predictions, b: Predictions): boolean {
  return a.task === b.task && a.classes === b.classes && a.rows === b.rows && sameNumbers(a.y, b.y);
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
