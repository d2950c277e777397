import { featuresOf, type Pipeline } from '../pipeline.ts';

/** What shares a prediction out among itself: columns of the data, and features computed from several of them. */
export interface Players {
  readonly names: readonly string[];
  /** Player of each feature of the encoded matrix. */
  readonly ofFeature: Int32Array;
}

/**
 * A model's inputs in their order, whether a step reads them or not. A feature counts for the column that it comes from:
 * all levels of a category, and what is computed from one column, for that column. What is computed from several
 * columns can't be shared out among them and stands for itself, after the inputs.
 */
export function playersOf({
  inputs,
  derived = [],
  steps,
}: Pick<Pipeline, 'inputs' | 'derived' | 'steps'>): Players {
  const owner = new Map(inputs.map(({ name }) => [name, name]));
  for (const { name, sources } of derived) {
    const owners = new Set(sources.map((source: string) => owner.get(source) ?? source));
    const [only = name] = owners;
    owner.set(name, owners.size === 1 ? only : name);
  }
  const features = featuresOf(steps).map(({ input }) => owner.get(input) ?? input);
  const names = [...new Set([...inputs.map(({ name }) => name), ...features])];
  return { names, ofFeature: Int32Array.from(features, (name) => names.indexOf(name)) };
}
