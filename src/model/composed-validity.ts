import { stackingWidth } from './combination.ts';
import type {
  CalibratedPredictor,
  ComposedPredictor,
  Curve,
  EnsemblePredictor,
  Pipeline,
} from './pipeline.ts';

type Shape = Pick<Pipeline, 'task' | 'classes' | 'steps'>;

/** What is wrong with how members are put together, or null; the members themselves are for the caller to check. */
export function composedFault(shape: Shape, predictor: ComposedPredictor): string | null {
  if (shape.steps.length > 0) return 'steps beside those of the members';
  return predictor.kind === 'ensemble'
    ? ensembleFault(shape, predictor)
    : calibrationFault(shape, predictor.calibration);
}

function ensembleFault(shape: Shape, { members, combination }: EnsemblePredictor): string | null {
  if (members.length < 2) return 'an ensemble of less than two';
  if (combination.kind === 'average') {
    const { weights } = combination;
    const fits =
      weights.length === members.length &&
      weights.every((weight) => weight >= 0 && weight < Infinity) &&
      weights.some((weight) => weight > 0);
    return fits ? null : 'weights of the members';
  }
  const { floor, meta } = combination;
  const width = stackingWidth(shape, members.length);
  const outputs = shape.task === 'multiclass' ? shape.classes.length : 1;
  if (shape.task === 'regression' ? floor !== 0 : !(floor > 0 && floor < 0.5))
    return 'the floor of the probabilities';
  const fits =
    meta.width === width &&
    meta.intercepts.length === outputs &&
    meta.coefficients.length === outputs * width &&
    [...meta.coefficients, ...meta.intercepts].every(Number.isFinite);
  return fits ? null : 'coefficients of the stack';
}

function calibrationFault(
  { task, classes }: Shape,
  calibration: CalibratedPredictor['calibration'],
): string | null {
  if (task === 'regression') return 'a calibrated regression';
  const scores = task === 'binary' ? 1 : classes.length;
  if (calibration.kind === 'isotonic') {
    if (calibration.curves.length !== scores) return 'number of curves';
    const broken = calibration.curves.findIndex((curve) => !isRising(curve));
    return broken < 0 ? null : `curve ${broken}`;
  }
  const { slopes, intercepts } = calibration;
  const fits =
    slopes.length === scores &&
    intercepts.length === scores &&
    [...slopes, ...intercepts].every(Number.isFinite);
  return fits ? null : 'slopes of the calibration';
}

function isRising({ x, y }: Curve): boolean {
  const rises = (t: number): boolean => t === 0 || (x[t]! > x[t - 1]! && y[t]! >= y[t - 1]!);
  return (
    x.length > 0 &&
    y.length === x.length &&
    x.every((value, t) => Number.isFinite(value) && rises(t)) &&
    y.every((value) => value >= 0 && value <= 1)
  );
}
