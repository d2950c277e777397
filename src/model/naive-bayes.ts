import type { NaiveBayesPredictor } from './pipeline.ts';

/**
 * Scores of encoded rows, rows × classes: how much less likely than the row's likeliest class each one is, as a
 * logarithm. The difference is taken in double: the likelihoods themselves are too large for what float32 keeps of them.
 * @param levels number of codes of each feature, 0 for a number
 */
export function naiveBayesScores(
  predictor: NaiveBayesPredictor,
  levels: readonly number[],
): (x: Float32Array, rows: number) => Float64Array {
  const width = levels.length;
  const { numbers, categories, firstCodes } = columnsOf(levels);
  const { priors, means, scales, peaks, codes } = predictor;
  const classes = priors.length;
  return (x, rows) => {
    const scores = new Float64Array(rows * classes);
    const joint = new Float64Array(classes);
    for (let row = 0; row < rows; row++) {
      const cells = row * width;
      let best = -Infinity;
      for (let k = 0; k < classes; k++) {
        let total = 0;
        for (let j = 0, at = k * numbers.length; j < numbers.length; j++, at++) {
          const value = x[cells + numbers[j]!]!;
          if (value !== value) continue;
          const distance = (value - means[at]!) * scales[at]!;
          total += peaks[at]! - distance * distance;
        }
        let known = 0;
        for (let j = 0; j < categories.length; j++)
          known += codes[(firstCodes[j]! + x[cells + categories[j]!]!) * classes + k]!;
        joint[k] = total + known + priors[k]!;
        if (joint[k]! > best) best = joint[k]!;
      }
      for (let k = 0; k < classes; k++) scores[row * classes + k] = Math.fround(joint[k]! - best);
    }
    return scores;
  };
}

/** Which features are numbers and which categories, and where each category's codes begin among all codes. */
export function columnsOf(levels: readonly number[]): {
  numbers: number[];
  categories: number[];
  firstCodes: number[];
} {
  const all = [...levels.keys()];
  const categories = all.filter((j) => levels[j]! > 0);
  let next = 0;
  const firstCodes = categories.map((j) => {
    const first = next;
    next += levels[j]!;
    return first;
  });
  return { numbers: all.filter((j) => levels[j] === 0), categories, firstCodes };
}
