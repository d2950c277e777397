import type { EncodedPipeline, LinearPredictor } from '../pipeline.ts';
import { encodedChunks } from './encoded-chunks.ts';
import type { Background, Sharing } from './explainer.ts';
import type { Players } from './players.ts';

/**
 * A linear model's contributions: coefficient × encoded value, summed over the features of a column; the base is the
 * intercept. With a background, values count from its means and the base is the mean score (Štrumbelj and Kononenko
 * 2014, "Explaining prediction models and individual predictions with feature contributions").
 */
export function linearSharing(
  pipeline: EncodedPipeline,
  { width, coefficients, intercepts }: LinearPredictor,
  { names, ofFeature }: Players,
  background: Background | null,
): Sharing {
  const scores = intercepts.length;
  const players = names.length;
  const means = background ? meansOf(pipeline, background, width) : new Float64Array(width);
  const base = Float64Array.from(intercepts, (intercept, k) => {
    let total = intercept;
    for (let j = 0; j < width; j++) total += coefficients[k * width + j]! * means[j]!;
    return total;
  });
  return {
    base,
    add: ({ x, first, rows }, contributions) => {
      for (let row = 0; row < rows; row++)
        for (let k = 0; k < scores; k++) {
          const at = ((first + row) * scores + k) * players;
          for (let j = 0; j < width; j++)
            contributions[at + ofFeature[j]!]! +=
              coefficients[k * width + j]! * (x[row * width + j]! - means[j]!);
        }
    },
  };
}

/** Mean of each feature. */
function meansOf(pipeline: EncodedPipeline, { table, rows }: Background, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (const { x } of encodedChunks(pipeline, table, rows))
    for (let cell = 0; cell < x.length; cell++) sums[cell % width]! += x[cell]!;
  return sums.map((total) => total / rows.length);
}
