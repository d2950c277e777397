import type { Table } from '../data/table.ts';
import { explainable, explainerOf, unitOf, type Explainable } from '../model/explain/explainer.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { deriveSeed, Random } from '../numeric/random.ts';
import type { CardContributions } from '../report/contribution-table.ts';

const mostRows = 2000;
/** Too few rows for a mean: the model is too large to be explained for the sake of a table. */
const leastRows = 50;
/** Visits of nodes, in all rows and for all classes; as many take a few seconds. */
const mostVisits = 50_000_000;

/**
 * How much each column contributes on average to the predictions of a linear model or trees (see `explainerOf`): mean of
 * the absolute contributions on at most 2,000 of `rows`, which are the background as well. Of three or more classes the
 * means of all are added. The same seed gives the same numbers. Null for other models and very large ones.
 */
export function meanContributions(
  pipeline: Pipeline,
  table: Table,
  rows: Int32Array,
  seed: number,
): CardContributions | null {
  const model = explainable(pipeline);
  if (model === null) return null;
  const most = Math.min(mostRows, Math.floor(mostVisits / visitsOf(model)));
  const sample = new Random(deriveSeed(seed, 'contributions')).shuffle(rows.slice()).subarray(0, most);
  if (sample.length < Math.min(leastRows, rows.length)) return null;
  const explainer = explainerOf(model, { table, rows: sample });
  const { contributions } = explainer.explain(table, sample);
  const { players, scores } = explainer;
  const sums = new Float64Array(players.length);
  contributions.forEach((value, at) => (sums[at % players.length]! += Math.abs(value)));
  const columns = players.map((column, player) => ({ column, mean: sums[player]! / sample.length }));
  return {
    unit: unitOf(model),
    label: scores === 1 ? (model.classes[1] ?? null) : null,
    classes: scores,
    rows: sample.length,
    columns: columns.toSorted((a, b) => b.mean - a.mean),
  };
}

/** Nodes that the explanation of one row visits. */
function visitsOf({ predictor }: Explainable): number {
  if (predictor.kind === 'linear') return predictor.coefficients.length;
  const nodes = predictor.trees.reduce((total, tree) => total + tree.left.length, 1);
  return predictor.kind === 'forest' && predictor.outputs > 2 ? nodes * predictor.outputs : nodes;
}
