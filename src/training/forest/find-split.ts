import type { BinnedRows, FeatureBins } from '../boosting/bins.ts';
import type { Division } from '../boosting/split.ts';
import type { Random } from '../../numeric/random.ts';
import type { FeatureHistogram } from './histogram.ts';
import type { NodeTotals } from './node-target.ts';
import { scoreOfNode } from './node-target.ts';
import { Side } from './side.ts';

export interface SplitChoice {
  readonly minSamplesLeaf: number;
  /** Features that are looked at; more only as long as none of them can divide the rows. */
  readonly features: number;
  /** One random cut of each feature instead of the best one (Geurts et al., "Extremely randomized trees", 2006). */
  readonly randomCuts: boolean;
}

export interface ForestSplit extends Division {
  /** What it adds to Σ S² / W. */
  readonly gain: number;
}

/** The best division so far: a threshold's bin, or the levels that go left. */
interface Best {
  readonly feature: number;
  readonly left: number | readonly number[];
  /** The levels that rows of the node have, where the others go left, too. */
  readonly present: Int32Array | undefined;
  readonly missingLeft: boolean;
}

/** Looks for the division of a node's rows; one object for a whole tree, so that nothing is allocated for a node. */
export class SplitFinder {
  private readonly binned: BinnedRows;
  private readonly histogram: FeatureHistogram;
  private readonly choice: SplitChoice;
  private readonly random: Random;
  private readonly side: Side;
  private readonly candidates: Int32Array;
  /** The ranking of levels that is looked at, by place in the histogram, with their means. */
  private readonly ranked: Int32Array;
  private readonly means: Float64Array;
  private best: Best | undefined;
  private bestScore = -Infinity;

  constructor(
    binned: BinnedRows,
    histogram: FeatureHistogram,
    width: number,
    choice: SplitChoice,
    random: Random,
  ) {
    this.binned = binned;
    this.histogram = histogram;
    this.choice = choice;
    this.random = random;
    this.side = new Side(width);
    this.candidates = Int32Array.from({ length: binned.width }, (_, feature) => feature);
    const levels = binned.features.map(({ cut, count }) => (cut.kind === 'levels' ? count + 1 : 0));
    this.ranked = new Int32Array(levels.reduce((most, count) => Math.max(most, count), 0));
    this.means = new Float64Array(this.ranked.length);
  }

  /**
   * The best division among randomly chosen features, or undefined where none has `minSamplesLeaf` rows on both sides.
   * A division need not lower the impurity: a later one may.
   */
  find(order: Int32Array, start: number, end: number, totals: NodeTotals): ForestSplit | undefined {
    this.forget();
    const { candidates, random, histogram, choice } = this;
    let looked = 0;
    for (let left = candidates.length; left > 0; left--) {
      if (looked >= choice.features && this.best !== undefined) break;
      const at = random.integer(left);
      const feature = candidates[at]!;
      candidates[at] = candidates[left - 1]!;
      candidates[left - 1] = feature;
      histogram.fill(feature, order, start, end);
      if (histogram.used > 1) {
        looked++;
        this.look(feature, end - start, totals);
      }
    }
    if (this.best === undefined) return undefined;
    return { ...this.divisionOf(this.best), gain: this.bestScore - scoreOfNode(totals) };
  }

  private forget(): void {
    this.best = undefined;
    this.bestScore = -Infinity;
  }

  private look(feature: number, rows: number, totals: NodeTotals): void {
    const bins = this.binned.features[feature]!;
    const { used, bins: present } = this.histogram;
    const hasMissing = present[used - 1] === bins.count;
    if (bins.cut.kind === 'levels') this.levels(feature, bins, rows, totals);
    else if (this.choice.randomCuts) this.randomThreshold(feature, bins, hasMissing, rows, totals);
    else this.thresholds(feature, hasMissing, rows, totals);
  }

  private thresholds(feature: number, hasMissing: boolean, rows: number, totals: NodeTotals): void {
    const known = hasMissing ? this.histogram.used - 1 : this.histogram.used;
    const last = hasMissing ? known : known - 1;
    this.scan(feature, rows, totals, last, false, hasMissing);
    if (!hasMissing) return;
    this.side.add(this.histogram, known);
    this.scan(feature, rows, totals, known - 1, true, true);
  }

  /** Tries a cut after each of the first `cuts` present bins; the side may hold the missing values already. */
  private scan(
    feature: number,
    rows: number,
    totals: NodeTotals,
    cuts: number,
    missingLeft: boolean,
    hasMissing: boolean,
  ): void {
    const { side, histogram } = this;
    const { minSamplesLeaf } = this.choice;
    let last = -1;
    let heavier = false;
    for (let i = 0; i < cuts; i++) {
      side.add(histogram, i);
      if (side.rows < minSamplesLeaf) continue;
      if (rows - side.rows < minSamplesLeaf) break;
      const score = side.score(totals);
      if (!(score > this.bestScore)) continue;
      this.bestScore = score;
      heavier = 2 * side.rows > rows;
      last = i;
    }
    side.reset();
    if (last < 0) return;
    const way = hasMissing ? missingLeft : heavier;
    this.best = { feature, left: this.middleCut(feature, last), present: undefined, missingLeft: way };
  }

  /** The bin after which a cut is half-way from a present bin to the next, as far as there are bins between. */
  private middleCut(feature: number, place: number): number {
    const { bins: present, used } = this.histogram;
    const { cut, count } = this.binned.features[feature]!;
    const from = present[place]!;
    const to = place + 1 < used ? present[place + 1]! : count;
    return cut.kind === 'numeric' && to < count && to > from + 1
      ? cutBetween(cut.edges, from, to, 0.5)
      : from;
  }

  private randomThreshold(
    feature: number,
    { cut }: FeatureBins,
    hasMissing: boolean,
    rows: number,
    totals: NodeTotals,
  ): void {
    if (cut.kind !== 'numeric') return;
    const { side, histogram, random } = this;
    const known = hasMissing ? histogram.used - 1 : histogram.used;
    const from = histogram.bins[0]!;
    const to = histogram.bins[known - 1]!;
    // All known values in one bin: only missing against known is left.
    const bin = from < to ? cutBetween(cut.edges, from, to, random.next()) : from;
    const missingLeft = hasMissing && from < to && random.next() < 0.5;
    for (let i = 0; i < known && histogram.bins[i]! <= bin; i++) side.add(histogram, i);
    if (missingLeft) side.add(histogram, known);
    if (this.isAllowed(rows)) {
      const score = side.score(totals);
      const heavier = 2 * side.rows > rows;
      if (score > this.bestScore)
        this.keep(score, {
          ...{ feature, left: bin, present: undefined },
          missingLeft: hasMissing ? missingLeft : heavier,
        });
    }
    side.reset();
  }

  /** Levels in the order of their mean (of the node's commonest class if there are several), then cut like numbers. */
  private levels(feature: number, { count }: FeatureBins, rows: number, totals: NodeTotals): void {
    const { histogram, side, random, ranked } = this;
    const { used, bins } = histogram;
    const { randomCuts } = this.choice;
    if (randomCuts) {
      for (let place = 0; place < used; place++) ranked[place] = place;
      random.shuffle(ranked.subarray(0, used));
    } else this.rankByMean(totals);
    const only = randomCuts ? 1 + random.integer(used - 1) : 0;
    const hasMissing = bins[used - 1] === count;
    const known = hasMissing ? used - 1 : used;
    let missingLeft = false;
    let best = 0;
    let way = false;
    let fill = false;
    for (let cut = 1; cut < used; cut++) {
      const place = ranked[cut - 1]!;
      side.add(histogram, place);
      missingLeft ||= hasMissing && place === known;
      if ((randomCuts && cut !== only) || !this.isAllowed(rows)) continue;
      const score = side.score(totals);
      if (!(score > this.bestScore)) continue;
      const heavier = 2 * side.rows > rows;
      // A division must name a level that goes left.
      if (cut === 1 && missingLeft && !(heavier && known < count)) continue;
      this.bestScore = score;
      best = cut;
      way = hasMissing ? missingLeft : heavier;
      fill = heavier;
    }
    side.reset();
    if (best === 0) return;
    const left: number[] = [];
    for (let place = 0; place < best; place++) left.push(bins[ranked[place]!]!);
    this.best = { feature, left, present: fill ? bins.slice(0, known) : undefined, missingLeft: way };
  }

  /** Places by their bins' means, by insertion; the earlier first among equals. */
  private rankByMean({ sums }: NodeTotals): void {
    const { ranked, means } = this;
    const { stride, sums: own, used } = this.histogram;
    let common = 0;
    for (let k = 1; k < sums.length; k++) if (sums[k]! > sums[common]!) common = k;
    for (let next = 0; next < used; next++) {
      const mean = own[next * stride + 2 + common]! / own[next * stride + 1]!;
      let place = next;
      for (; place > 0 && means[place - 1]! > mean; place--) {
        means[place] = means[place - 1]!;
        ranked[place] = ranked[place - 1]!;
      }
      means[place] = mean;
      ranked[place] = next;
    }
  }

  /** Levels that no row of the node has follow the heavier side. */
  private divisionOf({ feature, left, present, missingLeft }: Best): Division {
    if (typeof left === 'number') return { feature, left: { kind: 'threshold', bin: left }, missingLeft };
    const { count } = this.binned.features[feature]!;
    const goes = new Uint8Array(count + 1);
    if (present) {
      goes.fill(1);
      for (const bin of present) goes[bin] = 0;
    }
    for (const bin of left) goes[bin] = 1;
    const bins: number[] = [];
    for (let bin = 0; bin < count; bin++) if (goes[bin] === 1) bins.push(bin);
    return { feature, left: { kind: 'levels', bins }, missingLeft };
  }

  private isAllowed(rows: number): boolean {
    const { minSamplesLeaf } = this.choice;
    return this.side.rows >= minSamplesLeaf && rows - this.side.rows >= minSamplesLeaf;
  }

  private keep(score: number, best: Best): void {
    this.bestScore = score;
    this.best = best;
  }
}

/** The bin after which a value drawn evenly between two bins' inner edges cuts. */
function cutBetween(edges: Float32Array, from: number, to: number, share: number): number {
  const low = edges[from]!;
  const value = low + share * (edges[to - 1]! - low);
  let bin = from;
  let last = to - 1;
  while (bin < last) {
    const middle = (bin + last + 1) >> 1;
    if (edges[middle]! <= value) bin = middle;
    else last = middle - 1;
  }
  return bin;
}
