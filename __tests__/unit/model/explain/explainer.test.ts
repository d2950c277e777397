import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  explainable,
  explainerOf,
  type Explainable,
  type Explanation,
} from '../../../../src/model/explain/explainer.ts';
import { playersOf } from '../../../../src/model/explain/players.ts';
import { encodeRows, predict } from '../../../../src/model/score.ts';
import { firstRows, randomPipeline, randomTable } from '../random-pipelines.ts';
import { partialAnswer, shapleyByEnumeration, type Case } from './enumeration.ts';

const explainedKinds = [
  ['binary', 'trees'],
  ['multiclass', 'trees'],
  ['regression', 'trees'],
  ['binary', 'forest'],
  ['multiclass', 'forest'],
  ['binary', 'linear'],
  ['multiclass', 'linear'],
  ['regression', 'linear'],
] as const;
type Kind = (typeof explainedKinds)[number];

const rows = 3;
const backgroundRows = 20;

function drawn(seed: number, [task, kind]: Kind) {
  const pipeline = explainable(randomPipeline(seed, task, kind))!;
  const table = randomTable(seed + 1, pipeline.inputs, rows);
  const seen = randomTable(seed + 2, pipeline.inputs, backgroundRows);
  const background = { table: seen, rows: firstRows(backgroundRows) };
  const explainer = explainerOf(pipeline, background);
  return { pipeline, table, seen, explainer, explanation: explainer.explain(table, firstRows(rows)) };
}

const seeds = fc.integer({ min: 0, max: 1_000_000 });

describe('an explanation', () => {
  it.each(explainedKinds)('of %s %s adds up to the prediction', (...kind) => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { pipeline, table, explainer, explanation } = drawn(seed, kind);
        const outputs = predict(pipeline, table, firstRows(rows));
        for (let row = 0; row < rows; row++) {
          const sums = scoresOf(explanation, row, explainer.scores, explainer.players.length);
          const wanted = outputs.subarray(row * (outputs.length / rows), (row + 1) * (outputs.length / rows));
          linked(pipeline, sums).forEach((p, k) => expect(p).toBeCloseTo(wanted[k]!, 4));
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(explainedKinds.filter(([, kind]) => kind !== 'linear'))(
    'of %s %s has the Shapley values of the definition',
    (...kind) => {
      fc.assert(
        fc.property(seeds, (seed) => {
          const { pipeline, table, seen, explainer, explanation } = drawn(seed, kind);
          const width = explainer.players.length;
          const wanted = enumerated(
            pipeline,
            cellsOf(pipeline, table),
            cellsOf(pipeline, seen),
            explainer.scores,
          );
          const differences = wanted.map((value, at) => Math.abs(explanation.contributions[at]! - value));
          expect(Math.max(...differences)).toBeLessThan(1e-12);
          expect(wanted).toHaveLength(rows * explainer.scores * width);
        }),
        { numRuns: 12 },
      );
    },
  );
});

/** base + contributions of a row, score by score. */
function scoresOf(
  { base, contributions }: Explanation,
  row: number,
  scores: number,
  players: number,
): number[] {
  return Array.from({ length: scores }, (_, k) => {
    const at = (row * scores + k) * players;
    return contributions.subarray(at, at + players).reduce((sum, value) => sum + value, base[k]!);
  });
}

function linked({ task, predictor }: Explainable, scores: readonly number[]): number[] {
  if (task === 'regression') return [...scores];
  if (predictor.kind === 'forest') return scores.length === 1 ? [1 - scores[0]!, scores[0]!] : [...scores];
  const all = scores.length === 1 ? [0, scores[0]!] : scores;
  const powers = all.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function cellsOf(pipeline: Explainable, table: ReturnType<typeof randomTable>): number[][] {
  const x = encodeRows(pipeline, table, firstRows(table.rows));
  const width = x.length / table.rows;
  return Array.from({ length: table.rows }, (_, row) => [...x.subarray(row * width, (row + 1) * width)]);
}

/** rows × scores × players. */
function enumerated(
  pipeline: Explainable,
  cells: readonly number[][],
  background: readonly number[][],
  scores: number,
): number[] {
  const { predictor } = pipeline;
  if (predictor.kind === 'linear') return [];
  const { names, ofFeature } = playersOf(pipeline);
  const binaryForest = predictor.kind === 'forest' && predictor.outputs === 2;
  return cells.flatMap((row) =>
    Array.from({ length: scores }, (_, score) => {
      const total = names.map(() => 0);
      predictor.trees.forEach((tree, t) => {
        if (predictor.kind === 'trees' && t % predictor.outputs !== score) return;
        const leaf = (node: number): number =>
          predictor.kind === 'trees'
            ? tree.value[node]!
            : tree.value[node * predictor.outputs + (binaryForest ? 1 : score)]!;
        const one: Case = { pipeline, tree, background, player: (feature) => ofFeature[feature]! };
        shapleyByEnumeration(names.length, partialAnswer(one, row, leaf)).forEach((value, player) => {
          total[player]! += value;
        });
      });
      return total;
    }).flat(),
  );
}
