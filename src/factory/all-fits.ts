import { writeOnnx } from '../model/onnx/write.ts';
import type { Promotion } from '../contracts/ledger.ts';
import { planFits, type FoldFitOutcome } from '../training/cross-validation.ts';
import { runCommandFit, type FailedFit, type FittedProgram } from './command/fit.ts';
import { runFits, type Workers } from './fits.ts';
import type { Prepared } from './prepared.ts';

/** What is fitted on each fold and, with `refit`, on all development rows. */
export type FitRecipe = Promotion['recipe'] & { readonly refit: boolean };

/** One fit, whoever made it. `iterations`: boosting rounds or solver steps; null for a program. */
export type Fit = (FittedProgram & { readonly iterations: number | null }) | FailedFit;

export interface FitEvents {
  /** A fit of a recipe is done: `done` of `total`. */
  readonly onDone?: (recipe: number, done: number, total: number) => void;
  /** A program printed a line. */
  readonly onLine?: (recipe: number, line: string) => void;
}

/** All fits of the recipes, those of one recipe in the order of the folds, the one on all development rows last. */
export async function runAllFits(
  prepared: Prepared,
  recipes: readonly FitRecipe[],
  workers: Workers,
  { onDone, onLine }: FitEvents = {},
): Promise<Fit[][]> {
  const { dataset, folds, development } = prepared;
  const jobs = planFits(recipes, folds.length);
  const own = jobs.filter(({ candidate }) => recipes[candidate]!.program === undefined);
  let done = 0;
  const tell = (recipe: number): void => onDone?.(recipe, ++done, jobs.length);
  const outcomes = await runFits({ dataset, folds, development }, own, workers, {
    onOutcome: (job) => tell(own[job]!.candidate),
  });
  const fits = recipes.map((): Fit[] => []);
  own.forEach(({ candidate }, i) => fits[candidate]!.push(ownFit(outcomes[i]!)));
  const programs = [...recipes.keys()].filter((index) => recipes[index]!.program !== undefined);
  await eachOf(programs, workers.threads, async (index) => {
    const mine = jobs.filter(({ candidate }) => candidate === index);
    for (const { fold } of mine) {
      // Nothing comes of a candidate that failed once.
      if (fits[index]!.every(({ kind }) => kind === 'fitted'))
        fits[index]!.push(await programFit(prepared, recipes[index]!, fold, (line) => onLine?.(index, line)));
      tell(index);
    }
  });
  return fits;
}

function ownFit(outcome: FoldFitOutcome): Fit {
  if (outcome.kind === 'failed') return { ...outcome, output: [], lines: [] };
  const { pipeline, ...fit } = outcome;
  return { ...fit, model: pipeline && writeOnnx(pipeline), predictMsPer1k: null, lines: [] };
}

async function programFit(
  prepared: Prepared,
  { program, params, seed }: FitRecipe,
  fold: number | null,
  onLine: (line: string) => void,
): Promise<Fit> {
  if (!program) throw new Error('a fit without a program');
  const outcome = await runCommandFit(prepared, { program, params, seed, fold }, onLine);
  return outcome.kind === 'failed' ? outcome : { ...outcome, iterations: null };
}

/** Runs `body` for each item, at most `width` at a time, begun in their order. */
async function eachOf<T>(
  items: readonly T[],
  width: number,
  body: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await body(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, next));
}
