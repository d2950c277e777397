/** Nodes in (0, 1), ascending, and weights with the sum 1. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

const known = new Map<number, Quadrature>();

/**
 * Gauss–Legendre quadrature over [0, 1] with n ≥ 1 nodes: exact for polynomials up to degree 2n - 1. The roots of each
 * Legendre polynomial are sought between those of the one before (they interlace), so that no cosine is needed.
 */
export function gaussLegendre(n: number): Quadrature {
  const found = known.get(n);
  if (found) return found;
  let roots: number[] = [];
  for (let degree = 1; degree <= n; degree++) {
    const bounds = [-1, ...roots, 1];
    roots = Array.from({ length: degree }, (_, i) => rootBetween(degree, i, bounds[i]!, bounds[i + 1]!));
  }
  const quadrature = {
    nodes: Float64Array.from(roots, (root) => (1 + root) / 2),
    weights: Float64Array.from(roots, (root) => {
      const { slope } = legendre(n, root);
      return 1 / ((1 - root * root) * slope * slope);
    }),
  };
  known.set(n, quadrature);
  return quadrature;
}

/** The Legendre polynomial of a degree and its derivative at x in (-1, 1), by Bonnet's recursion. */
function legendre(degree: number, x: number): { value: number; slope: number } {
  let before = 1;
  let value = x;
  for (let k = 2; k <= degree; k++) {
    const next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
    before = value;
    value = next;
  }
  return { value, slope: (degree * (x * value - before)) / (x * x - 1) };
}

/** The root number i from below: halves until it is near, then Newton's steps. */
function rootBetween(degree: number, i: number, low: number, high: number): number {
  const rises = (degree - i) % 2 === 1;
  let [below, above] = [low, high];
  for (let step = 0; step < 30; step++) {
    const middle = (below + above) / 2;
    if (legendre(degree, middle).value > 0 === rises) above = middle;
    else below = middle;
  }
  let root = (below + above) / 2;
  for (let step = 0; step < 3; step++) {
    const { value, slope } = legendre(degree, root);
    root -= value / slope;
  }
  return root;
}
