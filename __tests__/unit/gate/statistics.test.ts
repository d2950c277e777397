import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as distributions from '../../../src/gate/statistics/distributions.ts';
import { bcaCorrection, bcaPValue, bcaQuantile, percentile } from '../../../src/gate/statistics/bootstrap.ts';
import { clusteredDelong, delong, waldTest } from '../../../src/gate/statistics/delong.ts';
import { holm } from '../../../src/gate/statistics/holm.ts';
import { disagreement, mcnemar } from '../../../src/gate/statistics/mcnemar.ts';
import { nadeauBengio } from '../../../src/gate/statistics/nadeau-bengio.ts';
import { hallT, momentsOf, pairedMeanTest, pairedT } from '../../../src/gate/statistics/paired-mean.ts';
import { detectableGain, rowsNeeded, rowsNeededForShare } from '../../../src/gate/statistics/planner.ts';
import { clopperPearson, wilson } from '../../../src/gate/statistics/proportion.ts';
import { bootstrapTest, planByClass, planByGroup } from '../../../src/gate/statistics/resampling.ts';
import { signFlip } from '../../../src/gate/statistics/sign-flip.ts';
import { Random } from '../../../src/numeric/random.ts';
import { expectNear, readVectors } from './vectors.ts';

function distributionOf(dist: string, params: number[]): distributions.Distribution {
  const [a = NaN, b = NaN] = params;
  const known: Record<string, () => distributions.Distribution> = {
    norm: () => distributions.normal,
    t: () => distributions.studentT(a),
    chi2: () => distributions.chiSquared(a),
    f: () => distributions.fisherF(a, b),
    beta: () => distributions.beta(a, b),
    binom: () => distributions.binomial(a, b),
  };
  return known[dist]!();
}

const relativeError = (actual: number, expected: number) =>
  expected === 0 ? Math.abs(actual) : Math.abs(actual / expected - 1);

describe('distributions', () => {
  interface Point {
    readonly dist: string;
    readonly params: number[];
    readonly x: number;
  }
  it.each(readVectors<Point, { cdf: number; sf: number }>('distributions.json'))(
    'agree with mpmath in both tails: $name',
    ({ input, expected }) => {
      const distribution = distributionOf(input.dist, input.params);
      if (expected.cdf > 1e-300)
        expect(relativeError(distribution.cdf(input.x), expected.cdf)).toBeLessThan(1e-10);
      if (expected.sf > 1e-300)
        expect(relativeError(distribution.sf(input.x), expected.sf)).toBeLessThan(1e-10);
    },
  );

  interface Quantile {
    readonly dist: string;
    readonly params: number[];
    readonly p: number;
  }
  it.each(readVectors<Quantile, { quantile: number }>('quantiles.json'))(
    'have the quantiles of SciPy: $name',
    ({ input, expected }) => {
      const distribution = distributionOf(input.dist, input.params);
      if (!('ppf' in distribution)) throw new Error(`no quantiles for ${input.dist}`);
      const { ppf } = distribution as distributions.ContinuousDistribution;
      // At the median of a symmetric distribution the quantile is 0 and SciPy's own answer is rounding noise.
      if (Math.abs(expected.quantile) < 1e-15) expect(Math.abs(ppf(input.p))).toBeLessThan(1e-15);
      else expect(relativeError(ppf(input.p), expected.quantile)).toBeLessThan(1e-9);
    },
  );
});

describe('tests of a mean difference', () => {
  it.each(readVectors<{ differences: number[] }, { t: number; pT: number }>('paired_classic.json'))(
    'paired t agrees with SciPy: $name',
    ({ input, expected }) => {
      const result = pairedT(input.differences, { level: 0.05 })!;
      expectNear(result.mean / result.se, expected.t, 1e-9);
      expectNear(2 * Math.min(result.p, result.pLess), expected.pT, 1e-9);
    },
  );

  interface FoldInput {
    readonly differences: number[];
    readonly testTrainRatio: number;
    readonly confidence: number;
  }
  type Expected = Record<string, number | boolean | null> | null;
  it.each(readVectors<FoldInput, Expected>('nadeau_bengio.json'))(
    'corrected resampled t agrees with baycomp: $name',
    ({ input, expected }) => {
      const level = (1 - input.confidence) / 2;
      const result = nadeauBengio(input.differences, input.testTrainRatio, level);
      const oneSided = nadeauBengio(input.differences, input.testTrainRatio, 1 - input.confidence);
      if (expected === null) {
        expect(result).toBeNull();
        return;
      }
      const pairs: [string, number | null][] = [
        ['mean', result!.mean],
        ['variance', result!.variance],
        ['se', result!.se],
        ['df', result!.df],
        ['t', result!.t],
        ['pTwoSided', result!.pTwoSided],
        ['pGreater', result!.p],
        ['pLess', result!.pLess],
        ['ciLow', result!.lower],
        ['ciHigh', result!.upper],
        ['lowerOneSided', oneSided!.lower],
      ];
      for (const [field, value] of pairs) expectNear(value, expected[field] as number | null, 1e-10);
    },
  );

  interface MarginInput {
    readonly differences: number[];
    readonly testTrainRatio: number;
    readonly margin: number;
    readonly minGain: number;
    readonly alpha: number;
  }
  it.each(readVectors<MarginInput, Record<string, number | string | null> | null>('verdicts_margin.json'))(
    'one-sided bounds decide superiority and non-inferiority: $name',
    ({ input, expected }) => {
      const result = nadeauBengio(input.differences, input.testTrainRatio, input.alpha);
      if (expected === null) {
        expect(result).toBeNull();
        return;
      }
      const { lower, upper } = result!;
      expectNear(lower, expected.lower as number, 1e-10);
      expectNear(upper, expected.upper as number, 1e-10);
      const decide = (threshold: number) =>
        lower > threshold ? 'pass' : upper <= threshold ? 'fail' : 'inconclusive';
      expect(decide(input.minGain)).toBe(expected.superiority);
      expect(decide(-input.margin)).toBe(expected.nonInferiority);
    },
  );

  it('Hall: bounds and p-value say the same', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -5, max: 1, noNaN: true }), { minLength: 5, maxLength: 60 }),
        fc.constantFrom(1, 2.25),
        (differences, varianceFactor) => {
          for (const test of [pairedT, hallT, pairedMeanTest]) {
            const result = test(differences, { level: 0.05, varianceFactor })!;
            if (Math.abs(result.p - 0.05) > 1e-9) expect(result.lower > 0).toBe(result.p < 0.05);
            if (Math.abs(result.pLess - 0.05) > 1e-9) expect(result.upper < 0).toBe(result.pLess < 0.05);
          }
        },
      ),
    );
  });

  it('Hall: matches the published formula', () => {
    const differences = [0.4, 0.3, 0.5, 0.2, -2.1, 0.6, 0.1, 0.35, 0.45, 0.25];
    const { mean, deviation, skewness: g } = momentsOf(differences);
    const shape = mean / deviation;
    const n = differences.length;
    const statistic =
      Math.sqrt(n) * (shape + (g * shape ** 2) / 3 + (g ** 2 * shape ** 3) / 27 + g / (6 * n));
    expectNear(hallT(differences, { level: 0.05 })!.p, distributions.studentT(n - 1).sf(statistic), 1e-12);
  });

  it('is stricter than t where few rows lose hugely, and more so for out-of-fold rows', () => {
    const random = new Random(3);
    const differences = Array.from({ length: 400 }, (_, i) => (i === 0 ? -8 : 0.1 * random.next()));
    const plain = pairedT(differences, { level: 0.05 })!;
    const both = pairedMeanTest(differences, { level: 0.05 })!;
    expect(both.p).toBeGreaterThan(3 * plain.p);
    expect(pairedMeanTest(differences, { level: 0.05, varianceFactor: 2.25 })!.se).toBeCloseTo(
      1.5 * plain.se,
      12,
    );
  });

  it.each([
    { name: 'all equal and positive', values: [0.1, 0.1, 0.1], p: 0, pLess: 1, mean: 0.1 },
    { name: 'all zero', values: [0, 0, 0], p: 1, pLess: 1, mean: 0 },
    { name: 'all equal and negative', values: [-2, -2], p: 1, pLess: 0, mean: -2 },
  ])('has a plain answer without variance: $name', ({ values, p, pLess, mean }) => {
    const result = pairedMeanTest(values, { level: 0.05 });
    expect(result).toMatchObject({ p, pLess, se: 0 });
    expectNear(result!.lower, mean, 1e-15);
  });

  it.each([{ values: [] }, { values: [1] }, { values: [1, NaN] }, { values: [1, Infinity, 2] }])(
    'is undefined for $values',
    ({ values }) => expect(pairedMeanTest(values, { level: 0.05 })).toBeNull(),
  );

  it.each(
    readVectors<{ differences: number[] }, Record<'pGreater' | 'pLess' | 'pTwoSided', number>>(
      'permutation_signflip_exact.json',
    ),
  )('sign-flip agrees with SciPy: $name', ({ input, expected }) => {
    const result = signFlip(input.differences, 1);
    expectNear(result.p, expected.pGreater, 1e-12);
    expectNear(result.pLess, expected.pLess, 1e-12);
    expectNear(result.pTwoSided, expected.pTwoSided, 1e-12);
  });
});

describe('McNemar', () => {
  interface Input {
    readonly b?: number;
    readonly c?: number;
    readonly y?: number[];
    readonly candidate?: number[];
    readonly baseline?: number[];
  }
  it.each(readVectors<Input, Record<string, number>>('mcnemar.json'))(
    'agrees with statsmodels: $name',
    ({ input, expected }) => {
      const right = (labels: number[]) =>
        Float64Array.from(labels, (label, row) => (label === input.y![row] ? 1 : 0));
      const counts = input.y
        ? disagreement(right(input.candidate!), right(input.baseline!))
        : { gained: input.b!, lost: input.c! };
      expect([counts.gained, counts.lost]).toEqual([expected.b, expected.c]);
      const result = mcnemar(counts);
      expectNear(result.p, expected.exactGreater!, 1e-10);
      expectNear(result.pTwoSided, expected.exactTwoSided!, 1e-10);
      expectNear(result.midP, expected.midPGreater!, 1e-10);
      expectNear(result.midPTwoSided, expected.midP!, 1e-10);
    },
  );
});

describe('DeLong', () => {
  interface Input {
    readonly y: number[];
    readonly candidate: number[];
    readonly baseline: number[];
  }
  interface Expected {
    readonly aucCandidate: number;
    readonly aucBaseline: number;
    readonly diff: number;
    readonly covariance: number[][] | null;
    readonly se: number | null;
    readonly z: number | null;
    readonly pGreater: number | null;
    readonly ciLow: number | null;
    readonly ciHigh: number | null;
  }
  const vectors = readVectors<Input, Expected | null>('delong.json');
  it.each(vectors)('agrees with the reference: $name', ({ input, expected }) => {
    const result = delong(input.y, Float64Array.from(input.candidate), Float64Array.from(input.baseline));
    if (expected === null) {
      expect(result).toBeNull();
      return;
    }
    expectNear(result!.aucCandidate, expected.aucCandidate, 1e-10);
    expectNear(result!.aucChampion, expected.aucBaseline, 1e-10);
    expectNear(result!.estimate, expected.diff, 1e-10);
    expectNear(result!.se, expected.se, 1e-10);
    expectNear(result!.z, expected.z, 1e-10);
    result!.covariance?.forEach((row, i) =>
      row.forEach((value, j) => expectNear(value, expected.covariance![i]![j]!, 1e-10)),
    );
    if (result!.z === null || result!.se === null) return;
    const wald = waldTest(result!.estimate, result!.se, null, 0.025);
    expectNear(wald.p, expected.pGreater, 1e-10);
    expectNear(wald.lower, expected.ciLow, 1e-10);
    expectNear(wald.upper, expected.ciHigh, 1e-10);
  });

  it('with every row its own group is nearly the same, with copies of rows as groups the error stays', () => {
    const { input, expected } = vectors.find(({ name }) => name.startsWith('n500'))!;
    const scores = [Float64Array.from(input.candidate), Float64Array.from(input.baseline)] as const;
    const own = Int32Array.from(input.y, (_, row) => row);
    expect(clusteredDelong(input.y, ...scores, own, 500)!.se / expected!.se!).toBeCloseTo(1, 1);
    const twice = (values: ArrayLike<number>) =>
      Float64Array.from([...Array.from(values), ...Array.from(values)]);
    const groups = Int32Array.from([...own, ...own]);
    const copied = clusteredDelong(twice(input.y), twice(scores[0]), twice(scores[1]), groups, 500)!;
    expect(copied.se / expected!.se!).toBeCloseTo(1, 1);
    const naive = delong(twice(input.y), twice(scores[0]), twice(scores[1]))!;
    expect(naive.se! / expected!.se!).toBeCloseTo(Math.SQRT1_2, 1);
  });
});

describe('BCa bootstrap', () => {
  interface Input {
    readonly data: number[];
    readonly statistic: 'mean' | 'median' | 'std';
    readonly replicates: number[];
    readonly confidence: number;
  }
  interface Expected {
    readonly estimate: number;
    readonly z0: number;
    readonly acceleration: number | null;
    readonly bca: [number, number] | null;
    readonly percentile: [number, number];
  }
  const statistics = {
    mean: (data: number[]) => momentsOf(data).mean,
    std: (data: number[]) => momentsOf(data).deviation,
    median: (data: number[]) => percentile(Float64Array.from(data).sort(), 0.5),
  };
  it.each(readVectors<Input, Expected>('bootstrap_bca.json'))(
    'agrees with SciPy: $name',
    ({ input, expected }) => {
      const statistic = statistics[input.statistic];
      const jackknife = input.data.map((_, left) => statistic(input.data.filter((__, row) => row !== left)));
      const sorted = Float64Array.from(input.replicates).sort();
      const correction = bcaCorrection(expected.estimate, sorted, jackknife);
      expectNear(statistic(input.data), expected.estimate, 1e-9);
      expectNear(correction.z0 ?? 0, expected.z0, 1e-9);
      expectNear(correction.acceleration, expected.acceleration, 1e-9);
      const level = (1 - input.confidence) / 2;
      const bounds = expected.bca ?? expected.percentile;
      expectNear(bcaQuantile(sorted, correction, level), bounds[0], 1e-9);
      expectNear(bcaQuantile(sorted, correction, 1 - level), bounds[1], 1e-9);
    },
  );

  it('has a p-value that is the level of the bound at the threshold', () => {
    const random = new Random(8);
    const sorted = Float64Array.from({ length: 4000 }, () => 0.8 + random.normal()).sort();
    const correction = { z0: 0.1, acceleration: 0.03 };
    const p = bcaPValue(sorted, correction, 0);
    expect(bcaQuantile(sorted, correction, p)).toBeCloseTo(0, 2);
  });

  const random = new Random(5);
  const values = Float64Array.from({ length: 300 }, () => 0.1 + random.normal());
  const mean = (weights: Float64Array) =>
    values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / weights.reduce((a, b) => a + b);

  it('gives the standard error of a mean, and repeats with the seed', () => {
    const plan = planByClass(new Float64Array(300));
    const result = bootstrapTest(mean, plan, { level: 0.05, seed: 1 })!;
    const t = pairedT(values, { level: 0.05 })!;
    expect(result.method).toBe('bca');
    expect(result.se / t.se).toBeCloseTo(1, 1);
    expect(Math.abs(result.lower - t.lower)).toBeLessThan(0.15 * t.se);
    expect(bootstrapTest(mean, plan, { level: 0.05, seed: 1 })).toEqual(result);
    expect(bootstrapTest(mean, plan, { level: 0.05, seed: 1, spread: 1.5 })!.se).toBeCloseTo(
      1.5 * result.se,
      12,
    );
  });

  it('draws whole groups', () => {
    const groups = Int32Array.from({ length: 300 }, (_, row) => row % 50);
    const result = bootstrapTest(mean, planByGroup(groups, 50), { level: 0.05, seed: 1 })!;
    expect(result.se).toBeGreaterThan(0);
    const seen = new Set<number>();
    bootstrapTest(
      (weights) => {
        for (let row = 0; row < 50; row++) seen.add(weights[row]! - weights[row + 50]!);
        return 0;
      },
      planByGroup(groups, 50),
      { level: 0.05, seed: 1 },
    );
    expect([...seen]).toEqual([0]);
  });

  it('is undefined where the statistic is', () => {
    const plan = planByClass(new Float64Array(10));
    expect(bootstrapTest(() => null, plan, { level: 0.05, seed: 1 })).toBeNull();
    expect(
      bootstrapTest((weights) => (weights[0] === 1 ? 1 : null), plan, { level: 0.05, seed: 1 }),
    ).toBeNull();
  });
});

describe('multiplicity, shares and planning', () => {
  interface Adjusted {
    readonly holm: { adjusted: number[] };
  }
  it.each(readVectors<{ p: number[] }, Adjusted>('multiplicity.json'))(
    'Holm agrees with statsmodels: $name',
    ({ input, expected }) =>
      holm(input.p).forEach((p, i) => expectNear(p, expected.holm.adjusted[i]!, 1e-12)),
  );

  interface Share {
    readonly successes: number;
    readonly n: number;
    readonly confidence: number;
  }
  it.each(
    readVectors<Share, { wilson: [number, number]; clopperPearson: [number, number] }>(
      'proportion_intervals.json',
    ),
  )('intervals agree with statsmodels: $name', ({ input: { successes, n, confidence }, expected }) => {
    const score = wilson(successes, n, confidence);
    expectNear(score.lower, expected.wilson[0], 1e-9);
    expectNear(score.upper, expected.wilson[1], 1e-9);
    const exact = clopperPearson(successes, n, (1 - confidence) / 2);
    expectNear(exact.lower, expected.clopperPearson[0], 1e-9);
    expectNear(exact.upper, expected.clopperPearson[1], 1e-9);
  });

  it.each([
    { disagreement: 0.05, gain: 0.01, looks: 1, rows: 3092 },
    { disagreement: 0.1, gain: 0.02, looks: 10, rows: 2920 },
    { disagreement: 0.1, gain: 0.02, looks: 50, rows: 3865 },
    { disagreement: 0.2, gain: 0.02, looks: 50, rows: 7730 },
  ])('$rows rows settle a gain of $gain at $disagreement disagreement and $looks looks', (plan) => {
    expect(rowsNeededForShare(plan.disagreement, plan.gain, 0.05 / plan.looks)).toBe(plan.rows);
  });

  it('plans back to the rows it came from', () => {
    expect(rowsNeeded(0.01, 1000, detectableGain(0.01, 0.05), 0.05)).toBe(1000);
    expect(rowsNeeded(0.01, 1000, 0, 0.05)).toBeNull();
  });
});
