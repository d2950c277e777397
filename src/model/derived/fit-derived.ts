import type { FeatureRecipe } from '../../contracts/feature.ts';
import type { Column, Table } from '../../data/table.ts';
import { deriveSeed } from '../../numeric/random.ts';
import { sortFloats } from '../../numeric/sort.ts';
import type { ModelInput } from '../pipeline.ts';
import { numberValues } from '../preprocessing.ts';
import type { Computed, DerivedColumn } from './derived-column.ts';
import { dateNames, derive } from './derive.ts';
import { fitTargetMean, type Target } from './target-mean.ts';

/** Fitted features, and the table that a trainer learns from. */
export interface FittedFeatures {
  readonly derived: readonly DerivedColumn[];
  /**
   * The table with the derived columns. In the rows that were fitted on, a target mean stands as other training rows
   * tell it, so that no row meets its own answer.
   */
  readonly table: Table;
}

/**
 * Fits features on the given rows alone: edges of `count` bins, means of the target.
 * @param target class index of a binary target or the number, for each row of the table
 */
export function fitDerived(
  table: Table,
  rows: Int32Array,
  inputs: readonly ModelInput[],
  recipes: readonly FeatureRecipe[],
  { target, seed }: { readonly target: Target; readonly seed: number },
): FittedFeatures {
  const dates = dateNames(inputs);
  const derived: DerivedColumn[] = [];
  let known = table;
  const add = (column: Column): void => {
    known = { rows: known.rows, columns: [...known.columns, column] };
  };
  for (const recipe of recipes) {
    if (recipe.kind === 'target-mean') {
      const fitted = fitTargetMean(known, rows, recipe, target, deriveSeed(seed, recipe.name));
      derived.push(fitted.column);
      add(fitted.values);
    } else {
      const column = fitComputed(known, rows, recipe);
      derived.push(column);
      add(derive(known, dates, column));
    }
  }
  return { derived, table: known };
}

function fitComputed(
  table: Table,
  rows: Int32Array,
  recipe: Exclude<FeatureRecipe, { kind: 'target-mean' }>,
): Computed {
  const { name } = recipe;
  switch (recipe.kind) {
    case 'ratio':
    case 'difference':
      return { kind: recipe.kind, name, sources: [...recipe.sources] };
    case 'log':
      return { kind: 'log', name, sources: [...recipe.sources] };
    case 'date-part':
      return { kind: 'date-part', name, sources: [...recipe.sources], part: recipe.part, as: recipe.as };
    case 'bins': {
      const { edges, as } = recipe;
      const fitted =
        typeof edges === 'number'
          ? quantileEdges(numberValues(table, recipe.sources[0]), rows, edges)
          : edges;
      return { kind: 'bins', name, sources: [...recipe.sources], edges: [...fitted], as };
    }
  }
}

/** Edges of `count` bins of about equal frequency; fewer where values repeat. */
function quantileEdges(values: Float64Array, rows: Int32Array, count: number): number[] {
  const known = Float32Array.from(rows, (row) => values[row]!).filter(Number.isFinite);
  const sorted = sortFloats(known);
  const smallest = (sorted[0] ?? 0) + 0;
  const edges = Array.from(
    { length: count - 1 },
    (_, k) => (sorted[Math.floor(((k + 1) * sorted.length) / count)] ?? smallest) + 0,
  );
  const inside = [...new Set(edges)].filter((edge) => edge > smallest);
  return inside.length > 0 ? inside : [smallest];
}
