import { exp } from '../../numeric/elementary.ts';
import { awayFromZero, deviance, stirlingError, type Tails } from './gamma.ts';

/** The regularised incomplete beta function I_x(a, b) and its complement; `y` = 1 - x where it is known better. */
export function incompleteBeta(a: number, b: number, x: number, y = 1 - x): Tails {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  if (x < (a + 1) / (a + b + 2)) {
    const lower = (front(a, b, x, y) * fraction(a, b, x)) / a;
    return { lower, upper: 1 - lower };
  }
  const upper = (front(b, a, y, x) * fraction(b, a, y)) / b;
  return { lower: 1 - upper, upper };
}

/** x^a y^b / B(a, b) by saddle point (Loader, 2000). */
function front(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const scale = Math.sqrt((a * b) / (2 * Math.PI * n));
  const corrections = stirlingError(n) - stirlingError(a) - stirlingError(b);
  return scale * exp(corrections - deviance(a, n * x) - deviance(b, n * y));
}

/** Continued fraction of the incomplete beta function, modified Lentz method. */
function fraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 100000; m++) {
    const even = (m * (b - m) * x) / ((a - 1 + 2 * m) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 1 + 2 * m));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 2e-16) break;
  }
  return h;
}
