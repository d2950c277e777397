import type { Random } from '../../numeric/random.ts';
import type { BinnedRows } from './bins.ts';
import type { FeatureChoice } from './split.ts';
import { choiceOf } from './split.ts';

/** Draws the features that each node may be divided by: a share of all, one at least. */
export function featureChooser(bins: BinnedRows, share: number, random: Random): () => FeatureChoice {
  const features = Int32Array.from({ length: bins.width }, (_, feature) => feature);
  const all = choiceOf(bins, features);
  if (share === 1) return () => all;
  const taken = Math.max(1, Math.floor(share * bins.width));
  return () => choiceOf(bins, random.shuffle(features.slice()).slice(0, taken).sort());
}
