import { UserError } from '../errors/user-error.ts';
import { orientation, type Metric } from '../gate/metrics/metric.ts';
import { selectRows, type Table } from '../data/table.ts';
import { outputsOf } from '../model/score.ts';
import type { Scorer } from '../model/scorer.ts';
import { deriveSeed, Random } from '../numeric/random.ts';
import type { Dataset } from '../training/dataset.ts';
import { predictionsOf } from './out-of-fold.ts';
import { shuffled, stack } from './shuffled-tables.ts';

/** How much worse a model gets where the values of one input are shuffled among rows. */
export interface InputImportance {
  readonly input: string;
  /** Mean over the shuffles, in the metric's units; positive = worse without it. */
  readonly mean: number;
  /** Standard deviation over the shuffles. */
  readonly deviation: number;
}

export interface Importance {
  readonly metric: string;
  readonly rows: number;
  readonly shuffles: number;
  /** The largest first. */
  readonly inputs: readonly InputImportance[];
  /** Inputs that a first look at few rows left out. */
  readonly leftOut: number;
}

const mostRows = 2000;
const mostInputs = 30;
const shuffles = 3;
/** Cells of a first look at all inputs of a wide table, and of what is scored at once. */
const lookCells = 30_000_000;
const callCells = 4_000_000;

/** What is looked into, and how. */
interface Look {
  readonly scorer: Scorer;
  readonly dataset: Dataset;
  readonly metric: Metric;
  readonly seed: number;
}

/**
 * Permutation importance (Breiman, "Random forests", 2001) of a model's inputs on at most 2,000 of `rows`, of the 30
 * that matter most where there are more. The same seed gives the same numbers. Null where another tool's model does not
 * answer shuffled rows, or the metric is undefined.
 */
export function permutationImportance(look: Look, rows: Int32Array): Importance | null {
  const { scorer, metric, seed } = look;
  const sample = new Random(deriveSeed(seed, 'importance')).shuffle(rows.slice()).subarray(0, mostRows);
  const inputs = scorer.inputs.map(({ name }) => name);
  try {
    const chosen = inputs.length <= mostInputs ? inputs : firstLook(look, inputs, sample);
    const found = ranked(measure(look, chosen, sample, shuffles));
    if (!found.every(({ mean, deviation }) => Number.isFinite(mean + deviation))) return null;
    const leftOut = inputs.length - chosen.length;
    return { metric: metric.name, rows: sample.length, shuffles, inputs: found, leftOut };
  } catch (error) {
    if (scorer.format !== 'onnx' && error instanceof UserError) return null;
    throw error;
  }
}

/** The inputs that matter most by one shuffle of as many rows as are cheap. */
function firstLook(look: Look, inputs: readonly string[], sample: Int32Array): string[] {
  const rows = Math.max(20, Math.floor(lookCells / inputs.length / inputs.length));
  const found = ranked(measure(look, inputs, sample.subarray(0, rows), 1));
  return found.slice(0, mostInputs).map(({ input }) => input);
}

function measure(
  { scorer, dataset, metric, seed }: Look,
  names: readonly string[],
  rows: Int32Array,
  times: number,
): InputImportance[] {
  const inputs = new Set(scorer.inputs.map(({ name }) => name));
  const columns = dataset.table.columns.filter(({ name }) => inputs.has(name));
  const table = selectRows({ rows: dataset.table.rows, columns }, rows);
  const scores = (tables: readonly Table[]): number[] => {
    const all = stack(tables);
    const values = scorer.score(all, range(all.rows));
    const length = rows.length * outputsOf(scorer);
    const own = (i: number): Float64Array => values.subarray(i * length, (i + 1) * length);
    return tables.map((_, i) => metric.compute(predictionsOf(dataset, rows, own(i))) ?? NaN);
  };
  const variants = names.flatMap((name) =>
    Array.from({ length: times }, (_, time) => ({ name, seed: deriveSeed(seed, `${time} ${name}`) })),
  );
  const atOnce = Math.max(1, Math.floor(callCells / (rows.length * inputs.size)));
  const [base = NaN] = scores([table]);
  const worse: number[] = [];
  for (let first = 0; first < variants.length; first += atOnce) {
    const some = variants.slice(first, first + atOnce);
    for (const value of scores(some.map((variant) => shuffled(table, variant.name, variant.seed))))
      worse.push(orientation(metric) * (base - value));
  }
  return names.map((input, i) => ({ input, ...spread(worse.slice(i * times, (i + 1) * times)) }));
}

function range(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function ranked(all: readonly InputImportance[]): InputImportance[] {
  return all.toSorted((a, b) => b.mean - a.mean);
}

function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}
