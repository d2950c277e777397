import { describe, expect, it } from '@jest/globals';
import { expandCandidates } from '../../../src/config/candidates.ts';

describe('expandCandidates', () => {
  it('names combinations in the order written, the last key fastest', () => {
    const recipes = expandCandidates(
      {
        guess: { trainer: 'dummy', params: {} },
        trees: { trainer: 'gradient-boosting', params: { max_iter: 5 }, grid: { a: [1, 2], b: ['x', 'y'] } },
      },
      7,
    );
    expect(recipes.map(({ name, params }) => [name, params])).toEqual([
      ['guess', {}],
      ['trees-1', { max_iter: 5, a: 1, b: 'x' }],
      ['trees-2', { max_iter: 5, a: 1, b: 'y' }],
      ['trees-3', { max_iter: 5, a: 2, b: 'x' }],
      ['trees-4', { max_iter: 5, a: 2, b: 'y' }],
    ]);
  });

  it('refuses names that collide and grids that explode', () => {
    const grid = { a: Array.from({ length: 40 }, (_, i) => i), b: Array.from({ length: 40 }, (_, i) => i) };
    expect(() => expandCandidates({ big: { trainer: 'dummy', params: {}, grid } }, 7)).toThrow(
      '1600 candidates',
    );
    expect(() =>
      expandCandidates(
        {
          'a-1': { trainer: 'dummy', params: {} },
          a: { trainer: 'dummy', params: {}, grid: { x: [1] } },
        },
        7,
      ),
    ).toThrow('two candidates end up with the name "a-1"');
  });
});
