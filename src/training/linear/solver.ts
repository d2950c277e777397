import type { SparseRows } from './sparse-rows.ts';

export type Solver = 'elimination' | 'conjugate-gradients';

/**
 * How to solve the Newton equations: by elimination, or by conjugate gradients where building and factorising the
 * matrix would take longer than the thirty or so products that those need.
 */
export function cheaperSolver(x: SparseRows, outputs: number): Solver {
  const size = outputs * x.width;
  const factorising = (size * size * size) / 3;
  const products = 90 * x.value.length * outputs;
  return buildingCost(x, outputs) + factorising < products ? 'elimination' : 'conjugate-gradients';
}

/** Steps for which one matrix should serve, so that building it takes no longer than they do. */
export function stepsPerMatrix(x: SparseRows, outputs: number): number {
  const perScore = 20;
  const evaluating = (2 * x.value.length + perScore * x.rows) * outputs;
  return Math.min(10, Math.max(1, Math.round(buildingCost(x, outputs) / evaluating)));
}

/** Multiplications for the matrix of second derivatives. */
function buildingCost({ rows, value }: SparseRows, outputs: number): number {
  const perRow = value.length / rows;
  return (rows * perRow * perRow * outputs * (outputs + 1)) / 4;
}
