import { UserError } from '../errors/user-error.ts';
import { writeOnnx } from '../model/onnx/write.ts';
import type { Promotion } from '../contracts/ledger.ts';
import { tensorflowTrainer } from '../config/program.ts';
import type { Pretrained, Race } from '../contracts/plan.ts';
import { runQueue, type JobSource } from '../platform/job-queue.ts';
import type { FoldFit, FoldFitOutcome } from '../training/cross-validation.ts';
import { runCommandFit } from './command/fit.ts';
import type { FailedFit, FittedProgram } from './command/program-fit.ts';
import { runFits, type Workers } from './fits.ts';
import type { Prepared } from './prepared.ts';
import { continues } from './predecessor.ts';
import { pretrainedFits } from './pretrained/fit.ts';
import { FitQueue } from './search/fit-queue.ts';
import { lanesOf } from './search/lanes.ts';
import type { Step, Trial } from './search/lane.ts';
import { resourceOf, partOfRows } from './search/part.ts';
import { runLayersFit } from './tensorflow/fit.ts';

/** What is fitted on each fold and, with `refit`, on all development rows. */
export type FitRecipe = Promotion['recipe'] & {
  readonly refit: boolean;
  readonly name?: string;
  /** How it competes with others of the same search. */
  readonly race?: Race | undefined;
};

/** One fit, whoever made it. `iterations`: boosting rounds or solver steps; null where a program doesn't say. */
export type Fit = FittedProgram | FailedFit;

export interface FitEvents {
  /** A fit of a recipe is done: `done` of `most`, if no search stops early; `isWhole` = not just a part for a search. */
  readonly onDone?: (recipe: number, done: number, most: number, isWhole: boolean) => void;
  /** A program printed a line. */
  readonly onLine?: (recipe: number, line: string) => void;
}

/** All fits of the recipes, those of one recipe in the order of the folds, the one on all development rows last. */
export async function runAllFits(
  prepared: Prepared,
  recipes: readonly FitRecipe[],
  workers: Workers,
): Promise<Fit[][]> {
  const trials = await runTrials(prepared, recipes, workers);
  return trials.map(({ fits }) => fits);
}

/** The same where searches may stop recipes early. */
export async function runTrials(
  prepared: Prepared,
  recipes: readonly FitRecipe[],
  workers: Workers,
  { onDone, onLine }: FitEvents = {},
): Promise<Trial[]> {
  const { dataset, folds, development } = prepared;
  const trials = recipes.map((): Trial => ({ fits: [], rounds: [], stopped: null }));
  const lanes = lanesOf(prepared, recipes, trials);
  const most = lanes.reduce((sum, { lane }) => sum + lane.most, 0);
  let done = 0;
  const queueOf = (programs: boolean) => {
    const own = lanes.filter(({ candidates: [first] }) => isProgram(recipes[first!]!) === programs);
    const queue = new FitQueue(own);
    const tell = (step: Step, fit: Fit): void => {
      queue.done(step, fit);
      onDone?.(step.candidate, ++done, most, step.part === null);
    };
    return { queue, tell, most: own.reduce((sum, { lane }) => sum + lane.most, 0) };
  };
  const own = queueOf(false);
  const steps = new Map<FoldFit, Step>();
  const source: JobSource<FoldFit, FoldFitOutcome> = {
    next: () => {
      const step = own.queue.next();
      if (!step) return undefined;
      const job = { candidate: step.candidate, ...fitOf(prepared, recipes[step.candidate]!, step) };
      steps.set(job, step);
      return job;
    },
    done: (job, outcome) => own.tell(steps.get(job)!, ownFit(outcome)),
  };
  const predecessor = prepared.predecessor?.kind === 'known' ? prepared.predecessor : undefined;
  await runFits({ dataset, folds, development, predecessor }, source, own.most, workers);
  const programs = queueOf(true);
  const scored = new Map<number, Fit[]>();
  const given = (recipe: number, pretrained: Pretrained): Fit[] => {
    const fits = scored.get(recipe) ?? pretrainedFits(prepared, pretrained);
    scored.set(recipe, fits);
    return fits;
  };
  await runQueue<number, Step, Fit>(
    { next: () => programs.queue.next(), done: programs.tell },
    Array.from({ length: Math.min(workers.threads, programs.most) }, (_, slot) => slot),
    async (_, step) => {
      const recipe = recipes[step.candidate]!;
      return recipe.pretrained
        ? pretrainedFit(given(step.candidate, recipe.pretrained), step)
        : programFit(prepared, recipe, step, (line) => onLine?.(step.candidate, line));
    },
  );
  return trials;
}

/** Whether what makes a recipe's fits is none of the trainers. */
function isProgram({ program, pretrained }: FitRecipe): boolean {
  return program !== undefined || pretrained !== undefined;
}

/** All rows were scored at once; one failure is that of every fit. */
function pretrainedFit(fits: readonly Fit[], { fold }: Step): Fit {
  const [first] = fits;
  return first?.kind === 'failed' ? first : fits.at(fold ?? -1)!;
}

/** What is fitted in a step: before the last round of a search with a part of the rows or iterations. */
function fitOf(prepared: Prepared, whole: FitRecipe, { fold, part }: Step) {
  const { trainer, params, seed, members } = whole;
  const update = continues(prepared, whole);
  const recipe = { trainer, params, seed, update, ...(members && { members }) };
  if (!part || fold === null) return { ...recipe, fold };
  const { resource, share } = part;
  if (resource === 'rows') {
    const train = partOfRows(prepared, prepared.folds[fold]!.train, share);
    return { ...recipe, fold, train };
  }
  const iterations = Math.round(resourceOf({ trainer, params }, resource) * share);
  return { ...recipe, params: { ...params, [resource]: iterations }, fold };
}

function ownFit(outcome: FoldFitOutcome): Fit {
  if (outcome.kind === 'failed') return { ...outcome, output: [], lines: [] };
  const { pipeline, ...fit } = outcome;
  try {
    return { ...fit, model: pipeline && writeOnnx(pipeline), predictMsPer1k: null, lines: [] };
  } catch (error) {
    // A model too large to be written is its candidate's failure, not that of the run.
    if (!(error instanceof UserError)) throw error;
    const { code, message, fix } = error;
    return { kind: 'failed', code, message: `${message}. ${fix}`, output: [], lines: [] };
  }
}

function programFit(
  prepared: Prepared,
  recipe: FitRecipe,
  step: Step,
  onLine: (line: string) => void,
): Promise<Fit> {
  const { program } = recipe;
  if (!program) throw new Error('a fit without a program');
  const fit = { program, ...fitOf(prepared, recipe, step) };
  return recipe.trainer === tensorflowTrainer
    ? runLayersFit(prepared, fit, onLine)
    : runCommandFit(prepared, fit, onLine);
}
