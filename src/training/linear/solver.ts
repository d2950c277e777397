import { filledShare, type GivenRows } from './placed-rows.ts';
import type { SparseRows } from './sparse-rows.ts';

/** How large a matrix is. */
export interface Extent {
  readonly rows: number;
  readonly width: number;
  /** Numbers that aren't 0. */
  readonly cells: number;
}

export function extentOf({ rows, width, value }: SparseRows): Extent {
  return { rows, width, cells: value.length };
}

/** The same, estimated, of rows as they come. */
export function givenExtent(given: GivenRows): Extent {
  const { rows, features, intercept } = given;
  const column = intercept ? 1 : 0;
  return { rows, width: features + column, cells: rows * (features * filledShare(given) + column) };
}

export type Solver = 'elimination' | 'conjugate-gradients';

/**
 * How to solve the Newton equations: by elimination, or by conjugate gradients where building and factorising the
 * matrix would take longer than the thirty or so products that those need.
 */
export function cheaperSolver(x: Extent, outputs: number): Solver {
  const size = outputs * x.width;
  const factorising = (size * size * size) / 3;
  const products = 90 * x.cells * outputs;
  return buildingCost(x, outputs) + factorising < products ? 'elimination' : 'conjugate-gradients';
}

/** Steps for which one matrix should serve, so that building it takes no longer than they do. */
export function stepsPerMatrix(x: Extent, outputs: number): number {
  const perScore = 20;
  const evaluating = (2 * x.cells + perScore * x.rows) * outputs;
  return Math.min(10, Math.max(1, Math.round(buildingCost(x, outputs) / evaluating)));
}

/** Multiplications for the matrix of second derivatives. */
function buildingCost({ rows, cells }: Extent, outputs: number): number {
  const perRow = cells / rows;
  return (rows * perRow * perRow * outputs * (outputs + 1)) / 4;
}
