import { sigmoid } from '../numeric/elementary.ts';
import type { CalibratedPredictor, Curve } from './pipeline.ts';

/**
 * Calibrated probabilities, rows × classes.
 * @param margins what is mapped: one number a row for two classes, one a class for more
 */
export function calibrate(
  calibration: CalibratedPredictor['calibration'],
  margins: Float64Array,
  classes: number,
): Float64Array {
  const width = classes === 2 ? 1 : classes;
  const probabilities = new Float64Array((margins.length / width) * classes);
  if (classes > 2) {
    const maps = mapsOf(calibration);
    margins.forEach((margin, cell) => (probabilities[cell] = maps[cell % classes]!(margin)));
    return shareOut(probabilities, classes);
  }
  const positive = mapsOf(calibration)[0]!;
  const negative = complementOf(calibration);
  margins.forEach((margin, row) => {
    const p = positive(margin);
    probabilities[2 * row] = negative(margin, p);
    probabilities[2 * row + 1] = p;
  });
  return probabilities;
}

type Map = (margin: number) => number;

function mapsOf(calibration: CalibratedPredictor['calibration']): Map[] {
  if (calibration.kind === 'isotonic') return calibration.curves.map(curveMap);
  const { slopes, intercepts } = calibration;
  return [...slopes].map((slope, k) => (x) => sigmoid(slope * x + intercepts[k]!));
}

/** The other class's probability; a logistic one has more digits than 1 - p. */
function complementOf(
  calibration: CalibratedPredictor['calibration'],
): (margin: number, p: number) => number {
  if (calibration.kind === 'isotonic') return (_, p) => 1 - p;
  const slope = calibration.slopes[0]!;
  const intercept = calibration.intercepts[0]!;
  return (x) => sigmoid(-(slope * x + intercept));
}

/** Divides each row by its sum; a row of zeros becomes uniform. In place. */
function shareOut(values: Float64Array, width: number): Float64Array {
  for (let first = 0; first < values.length; first += width) {
    let total = 0;
    for (let k = first; k < first + width; k++) total += values[k]!;
    for (let k = first; k < first + width; k++) values[k] = total === 0 ? 1 / width : values[k]! / total;
  }
  return values;
}

/**
 * A curve as lines that begin at their right ends, ready to be looked up: line t holds for x[t - 1] < x <= x[t]; the
 * first and the last are flat.
 */
export interface Lines {
  readonly ends: Float64Array;
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

export function linesOf({ x, y }: Curve): Lines {
  const last = x.length - 1;
  const at = (t: number): number => Math.min(t, last);
  return {
    ends: Float64Array.from({ length: x.length + 1 }, (_, t) => x[at(t)]!),
    values: Float64Array.from({ length: x.length + 1 }, (_, t) => y[at(t)]!),
    slopes: Float64Array.from({ length: x.length + 1 }, (_, t) =>
      t === 0 || t > last ? 0 : (y[t]! - y[t - 1]!) / (x[t]! - x[t - 1]!),
    ),
  };
}

function curveMap(curve: Curve): Map {
  const { ends, values, slopes } = linesOf(curve);
  return (x) => {
    const t = lineOf(curve.x, x);
    return Math.max(0, values[t]! + slopes[t]! * (x - ends[t]!));
  };
}

/** Number of points left of x. */
function lineOf(points: Float32Array, x: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
