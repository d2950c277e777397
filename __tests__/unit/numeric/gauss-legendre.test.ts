import { describe, expect, it } from '@jest/globals';
import { gaussLegendre } from '../../../src/numeric/gauss-legendre.ts';

describe('gaussLegendre', () => {
  it('has the known points of two, three and five nodes', () => {
    expect([...gaussLegendre(1).nodes]).toEqual([0.5]);
    const two = gaussLegendre(2);
    expect(two.nodes[0]).toBeCloseTo((1 - 1 / Math.sqrt(3)) / 2, 15);
    const three = gaussLegendre(3);
    expect(three.nodes[2]).toBeCloseTo((1 + Math.sqrt(3 / 5)) / 2, 15);
    expect([...three.weights].map((weight) => 18 * weight)).toEqual(
      [5, 8, 5].map((w) => expect.closeTo(w, 13)),
    );
    const five = gaussLegendre(5);
    expect(2 * five.nodes[4]! - 1).toBeCloseTo(0.906179845938664, 14);
    expect(2 * five.weights[4]!).toBeCloseTo(0.2369268850561891, 14);
  });

  it.each([1, 2, 4, 7, 16, 40])('integrates powers up to 2n - 1 exactly with %i nodes', (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (let power = 0; power < 2 * n; power++) {
      const integral = nodes.reduce((total, node, i) => total + weights[i]! * node ** power, 0);
      expect(Math.abs(integral * (power + 1) - 1)).toBeLessThan(1e-13);
    }
    const next = nodes.reduce((total, node, i) => total + weights[i]! * node ** (2 * n), 0);
    if (n < 16) expect(Math.abs(next * (2 * n + 1) - 1)).toBeGreaterThan(1e-12);
  });
});
