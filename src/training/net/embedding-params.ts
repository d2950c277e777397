import { z } from 'zod';
import type { Embedding } from '../../model/pipeline.ts';
import { exp, log } from '../../numeric/elementary.ts';
import type { TrainingSet } from '../trainer.ts';
import type { EmbeddingShape } from './embedding-tables.ts';

const settings = z.strictObject({
  dimension: z.union([z.literal('auto'), z.int().min(1).max(1024)]).default('auto'),
  minimum_categories: z.int().min(1).max(1_000_000).default(3),
});

/** The parameter `embeddings`: which categories enter the net as trained vectors. */
export const embeddingsParam = z
  .union([z.boolean(), settings])
  .default(false)
  .describe(
    'Whether categories enter as trained vectors instead of one-hot: true, or { dimension: 1 to 1024 or "auto", ' +
      'minimum_categories: 3 }. "auto" is 1.6 * categories^0.56; columns with fewer categories stay one-hot.',
  );
export type EmbeddingsParam = z.infer<typeof embeddingsParam>;

/** From how many categories on a column is given as codes; undefined = none is. */
export function fewestCategories(param: EmbeddingsParam): number {
  if (param === false) return Infinity;
  return param === true ? settings.parse({}).minimum_categories : param.minimum_categories;
}

/** The tables of the features that are codes. */
export function embeddingShapes(features: TrainingSet['features'], param: EmbeddingsParam): EmbeddingShape[] {
  const given = typeof param === 'object' ? param.dimension : 'auto';
  return features
    .filter(({ levels }) => levels > 0)
    .map(({ levels }) => ({ levels, dimension: given === 'auto' ? dimensionFor(levels) : given }));
}

/** fastai's rule of thumb, min(600, round(1.6 * levels^0.56)) (https://docs.fast.ai/tabular.model.html#emb_sz_rule). */
export function dimensionFor(levels: number): number {
  return Math.max(1, Math.min(600, Math.round(1.6 * exp(0.56 * log(levels)))));
}

/**
 * Vectors for codes that no training row has, which is the last one, of rare and unseen categories, where there is
 * nothing rare: the mean of the others, each counted as often as it occurs. A vector that was never trained would be noise.
 * @param counts of each embedding, the training rows of each code
 */
export function withMeans(embeddings: readonly Embedding[], counts: readonly Float64Array[]): Embedding[] {
  return embeddings.map((embedding, e) => {
    const { levels, dimension } = embedding;
    const rows = counts[e]!;
    const total = rows.reduce((sum, count) => sum + count, 0);
    const vectors = embedding.vectors.slice();
    for (let d = 0; d < dimension; d++) {
      let sum = 0;
      for (let code = 0; code < levels; code++) sum += rows[code]! * vectors[code * dimension + d]!;
      for (let code = 0; code < levels; code++)
        if (rows[code] === 0) vectors[code * dimension + d] = sum / total;
    }
    return { levels, dimension, vectors };
  });
}

/** Rows of each code of each feature that is one; those of `seen` are counted, too. */
export function codeCounts(
  { x, features }: TrainingSet,
  rows: Int32Array,
  seen?: TrainingSet,
): Float64Array[] {
  const width = features.length;
  return features.flatMap(({ levels }, j) => {
    if (levels === 0) return [];
    const counts = new Float64Array(levels);
    for (const row of rows) counts[x[row * width + j]!]! += 1;
    for (let row = 0; row < (seen?.rows ?? 0); row++) counts[seen!.x[row * width + j]!]! += 1;
    return [counts];
  });
}
