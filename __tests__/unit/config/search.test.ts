import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expandCandidates } from '../../../src/config/candidates.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { CandidateConfig } from '../../../src/config/schema.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { UserError } from '../../../src/errors/user-error.ts';

type Space = NonNullable<NonNullable<CandidateConfig['search']>['space']>;

function drawn(space: Space, samples: number | undefined, seed = 7, params = {}) {
  const search = { method: 'random' as const, space, ...(samples !== undefined && { samples }) };
  const recipes = expandCandidates({ trees: { trainer: 'gradient-boosting', params, search } }, seed);
  return recipes.map((recipe) => recipe.params);
}

const learningRate = { min: 0.01, max: 0.3, log: true };

describe('random search', () => {
  it('draws as many different combinations as asked for, the same each time', () => {
    const space = {
      learning_rate: learningRate,
      max_leaf_nodes: [15, 31, 63],
      max_depth: { min: 2, max: 9, int: true },
    };
    const first = drawn(space, 30);
    expect(new Set(first.map((params) => JSON.stringify(params))).size).toBe(30);
    expect(drawn(space, 30)).toEqual(first);
    expect(drawn(space, 40).slice(0, 30)).toEqual(first);
    expect(drawn(space, 30, 8)).not.toEqual(first);
  });

  it('keeps the values of the other parameters when one is added', () => {
    const alone = drawn({ learning_rate: learningRate }, 5).map(({ learning_rate }) => learning_rate);
    const beside = drawn({ l2_regularization: { min: 0, max: 1 }, learning_rate: learningRate }, 5);
    expect(beside.map(({ learning_rate }) => learning_rate)).toEqual(alone);
  });

  it('draws short numbers within the range', () => {
    const range = fc
      .tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-6, max: 1e6, noNaN: true }))
      .map(([min, width]) => ({ min, max: min + width }))
      .filter(({ min, max }) => min < max);
    fc.assert(
      fc.property(range, fc.boolean(), fc.integer({ min: 0, max: 1000 }), ({ min, max }, log, seed) => {
        const space = { x: { min, max, log: log && min > 0 } };
        for (const { x } of drawn(space, 5, seed)) {
          expect(x).toBeGreaterThanOrEqual(min);
          expect(x).toBeLessThanOrEqual(max);
        }
      }),
    );
    expect(drawn({ learning_rate: learningRate }, 3)).toMatchInlineSnapshot(`
      [
        {
          "learning_rate": 0.0175,
        },
        {
          "learning_rate": 0.215,
        },
        {
          "learning_rate": 0.168,
        },
      ]
    `);
  });

  it('spreads a logarithmic range evenly over the orders of magnitude', () => {
    const values = drawn({ x: { min: 0.001, max: 1000, log: true } }, 600).map(({ x }) => Number(x));
    for (let power = -3; power < 3; power++) {
      const [from, to] = [Number(`1e${power}`), Number(`1e${power + 1}`)];
      const share = values.filter((value) => value >= from && value < to).length / values.length;
      expect(Math.abs(share - 1 / 6)).toBeLessThan(0.05);
    }
  });

  it('trains every combination where there are no more than wanted', () => {
    const all = drawn({ a: [1, 2], b: { min: 1, max: 3, int: true } }, 50);
    expect(all).toHaveLength(6);
    expect(all[0]).toEqual({ a: 1, b: 1 });
  });

  it('draws 20 where a range has no end and nobody says how many', () => {
    expect(drawn({ x: { min: 0, max: 1 } }, undefined)).toHaveLength(20);
  });
});

describe('the key search', () => {
  const faultsOf = (candidate: string): string[] => {
    const text = [
      'version: 1',
      'model: churn',
      'data: { source: a.csv, target: y }',
      'candidates:',
      candidate,
    ];
    try {
      loadConfig(text.join('\n'), 'model-factory.yml', catalogue);
      return [];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return [error, ...error.more].map(
        ({ message, at, fix }) => `${at.line}:${at.column} ${message}. ${fix}`,
      );
    }
  };
  const trees = (search: string, more = '') =>
    faultsOf(`  trees: { trainer: gradient-boosting,${more} search: ${search} }`);

  it('accepts lists and ranges', () => {
    expect(
      trees(
        '{ method: racing, samples: 9, space: { max_leaf_nodes: { min: 8, max: 64, int: true, log: true } } }',
      ),
    ).toEqual([]);
    expect(trees('{ method: halving, resource: max_iter, space: { max_leaf_nodes: [8, 16] } }')).toEqual([]);
    expect(trees('{ method: racing }', ' grid: { max_leaf_nodes: [8, 16] },')).toEqual([]);
  });

  it('lets the epochs of a net of TensorFlow.js grow, by their default where none are given', () => {
    const net = (params: string) =>
      faultsOf(
        `  net: { trainer: tensorflow, params: { module: net.mjs${params} }, search: { method: halving, resource: epochs, space: { units: [4, 8] } } }`,
      );
    expect(net('')).toEqual([]);
    expect(net(', epochs: 2')).toEqual([
      '5:98 the trainer tensorflow has no number "epochs" that could grow. Write resource: rows.',
    ]);
  });

  it('names what does not belong together, the place and the fix', () => {
    expect([
      ...trees('{ space: { learning_rate: [0.1] } }', ' grid: { max_leaf_nodes: [8] },'),
      ...trees('{ method: random }'),
      ...trees('{ space: { learning_rate: { min: 0.1, max: 0.2 } } }'),
      ...trees('{ samples: 3, space: { learning_rate: [0.1] } }'),
      ...trees('{ method: random, factor: 3, space: { learning_rate: [0.1] } }'),
      ...trees('{ method: halving, resource: max_iter, space: { max_iter: [10, 20] } }'),
      ...trees('{ method: halving, resource: n_estimators, space: { learning_rate: [0.1] } }'),
      ...trees('{ method: random, space: { learning_rate: { min: 0.2, max: 0.1 } } }'),
      ...trees('{ method: random, space: { learning_rate: { min: 0, max: 0.1, log: true } } }'),
      ...trees('{ method: random, space: { max_leaf_nodes: { min: 8, max: 64 } } }'),
      ...trees('{ method: random, space: { learning_rate: { min: 0.1, max: 0.2, step: 2 } } }'),
      ...trees('{ method: random, space: { learningrate: { min: 0.1, max: 0.2 } } }'),
    ]).toMatchInlineSnapshot(`
      [
        "5:81 values are listed under both grid and search.space. Move them all into search.space.",
        "5:40 the search has nothing to vary. Add it: space: { learning_rate: [0.05, 0.1] }.",
        "5:59 a grid has no end of values for the range of learning_rate. List values, or write method: random.",
        "5:50 a grid trains every combination. Remove \`samples\`, or write method: random.",
        "5:66 "factor" has no meaning for method: random. Remove it, or write method: halving.",
        "5:96 max_iter grows from round to round and can't be varied as well. Remove it from the space and give its last value under \`params\`.",
        "5:67 the trainer gradient-boosting has no number "n_estimators" that could grow. Write resource: rows.",
        "5:102 "candidates.trees.search.space.learning_rate.max" must be larger than \`min\`. Swap the two, or write the one value under \`params\`.",
        "5:92 "candidates.trees.search.space.learning_rate.min" must be above 0 where \`log\` is true. Use a small positive number such as 0.0001, or remove \`log\`.",
        "5:75 gradient-boosting takes whole numbers as max_leaf_nodes, and the range holds others. Add int: true to the range.",
        "5:112 unknown key "step" in "candidates.trees.search.space.learning_rate". Valid keys: min, max, log, int.",
        "5:91 unknown key "learningrate" in "candidates.trees.params". Did you mean "learning_rate"?",
      ]
    `);
  });
});
