import { canonicalJson } from '../contracts/digest.ts';
import type { Parameters } from '../contracts/fields.ts';
import { exp, log } from '../numeric/elementary.ts';
import { deriveSeed, Random } from '../numeric/random.ts';
import type { CandidateConfig } from './schema.ts';
import { isRange, type Dimension, type Range } from './search.ts';

/** Combinations drawn where a range has no end of them and nobody says how many. */
const defaultSamples = 20;
/** A space with few values repeats itself: draws for each combination that is wanted, before fewer will do. */
const drawsPerSample = 100;

/** What a candidate varies: the lists of `grid`, or lists and ranges of `search.space`. */
export function spaceOf({ grid, search }: CandidateConfig): Readonly<Record<string, Dimension>> {
  return search?.space ?? grid ?? {};
}

/** How many candidates a configured one becomes, at most. */
export function countOf(candidate: CandidateConfig): number {
  const { search } = candidate;
  const dimensions = Object.values(spaceOf(candidate));
  const all = dimensions.map(sizeOf).reduce((product, size) => product * size, 1);
  const drawn = search?.method === 'random' || dimensions.some(isRange);
  return Math.min(all, search?.samples ?? (drawn ? defaultSamples : all));
}

/**
 * The parameters of each candidate that a configured one becomes; null where it varies nothing. All combinations come
 * in the order written, the last key fastest. Drawn ones depend on `seed` alone, each on its own number and key: a
 * larger `samples` adds to them, and another key leaves the values of the others as they are.
 */
export function combinationsOf(candidate: CandidateConfig, seed: number): Parameters[] | null {
  const space = Object.entries(spaceOf(candidate));
  if (space.length === 0) return null;
  const count = countOf(candidate);
  const all = space.reduce((product, [, dimension]) => product * sizeOf(dimension), 1);
  return count < all
    ? sample(candidate.params, space, count, seed)
    : everyCombination(candidate.params, space);
}

function everyCombination(params: Parameters, space: readonly [string, Dimension][]): Parameters[] {
  return space.reduce<Parameters[]>(
    (all, [key, dimension]) => {
      const values = isRange(dimension) ? wholeNumbers(dimension) : dimension;
      return all.flatMap((own) => values.map((value) => ({ ...own, [key]: value })));
    },
    [params],
  );
}

function sample(
  params: Parameters,
  space: readonly [string, Dimension][],
  wanted: number,
  seed: number,
): Parameters[] {
  const found = new Map<string, Parameters>();
  for (let draw = 0; found.size < wanted && draw < wanted * drawsPerSample; draw++) {
    const own = { ...params };
    for (const [key, dimension] of space)
      own[key] = valueOf(dimension, new Random(deriveSeed(seed, `${key} ${draw}`)));
    const text = canonicalJson(own);
    if (!found.has(text)) found.set(text, own);
  }
  return [...found.values()];
}

/** How many values there are. */
function sizeOf(dimension: Dimension): number {
  if (!isRange(dimension)) return dimension.length;
  return dimension.int === true ? dimension.max - dimension.min + 1 : Infinity;
}

function wholeNumbers({ min, max }: Range): number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i);
}

function valueOf(dimension: Dimension, random: Random): Parameters[string] {
  if (!isRange(dimension)) return dimension[random.integer(dimension.length)]!;
  const { min, max } = dimension;
  const u = random.next();
  if (dimension.log === true) {
    const value = exp(log(min) + u * (log(max) - log(min)));
    return within(dimension, dimension.int === true ? Math.round(value) : short(value, dimension));
  }
  return dimension.int === true
    ? within(dimension, min + Math.floor(u * (max - min + 1)))
    : within(dimension, short(min + u * (max - min), dimension));
}

function within({ min, max }: Range, value: number): number {
  return Math.min(max, Math.max(min, value));
}

/** Three digits, or as many as tell a hundred values of the range apart: the text that JSON shows is the number itself. */
function short(value: number, { min, max, log: isLog }: Range): number {
  const [, exponent = '0'] = value.toExponential().split('e');
  // On a logarithmic scale a hundred steps lead from one end to the other by a factor each.
  const gap = isLog === true ? (value * Math.min(1, max / min - 1)) / 100 : (max - min) / 100;
  let digits = 3;
  while (digits < 17 && Number(`1e${Number(exponent) - digits + 1}`) > gap) digits++;
  return Number(value.toPrecision(digits));
}
