import { predictedClasses, type Predictions } from '../predictions.ts';
import type { Evaluate } from './metric.ts';
import { perRow } from './losses.ts';

const BINS = 10;

/**
 * Gap between confidence and outcome in ten bins of equal width (Naeini et al., 2015): `expected` averages it over
 * rows, `maximum` takes the worst bin. Binary: the positive class's probability; several classes: the top one's.
 */
export function prepareCalibrationError(predictions: Predictions, kind: 'expected' | 'maximum'): Evaluate {
  const { rows, classes, task, y, p } = predictions;
  const top = task === 'binary' ? undefined : predictedClasses(predictions);
  const confidence = perRow(rows, (row) => p[row * classes + (top ? top[row]! : 1)]!);
  const outcome = perRow(rows, (row) => (y[row] === (top ? top[row] : 1) ? 1 : 0));
  return (weights) => {
    const gaps = new Float64Array(BINS);
    const sizes = new Float64Array(BINS);
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const bin = Math.min(Math.floor(confidence[row]! * BINS), BINS - 1);
      const weight = weights ? weights[row]! : 1;
      gaps[bin]! += weight * (confidence[row]! - outcome[row]!);
      sizes[bin]! += weight;
      total += weight;
    }
    if (!(total > 0)) return null;
    let expected = 0;
    let maximum = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const gap = Math.abs(gaps[bin]!);
      expected += gap / total;
      if (sizes[bin]! > 0) maximum = Math.max(maximum, gap / sizes[bin]!);
    }
    return kind === 'expected' ? expected : maximum;
  };
}
