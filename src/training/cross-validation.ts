import { UserError } from '../errors/user-error.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { Dataset } from './dataset.ts';
import { runFit, type FitRecipe } from './fit.ts';
import { runUpdate, type Predecessor } from './update.ts';

/** Row numbers of one fold. Within a repeat, the test rows of the folds don't overlap. */
export interface Fold {
  readonly repeat: number;
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/** What every fit of a run shares: sent to each worker thread once. */
export interface FitSetup {
  readonly dataset: Dataset;
  readonly folds: readonly Fold[];
  /** Rows of the fit that is released. */
  readonly development: Int32Array;
  /** The model that updates continue from; undefined where nothing does. */
  readonly predecessor?: Predecessor | undefined;
}

/** A fit of one recipe on one fold, or on all development rows (`fold: null`). */
export interface FoldFit extends FitRecipe {
  readonly candidate: number;
  readonly fold: number | null;
  /** Rows to learn from where these aren't all of the fold's. */
  readonly train?: Int32Array;
  /** It continues from the predecessor. */
  readonly update?: boolean;
}

export type FoldFitOutcome =
  | {
      readonly kind: 'fitted';
      readonly predictions: Float64Array;
      readonly iterations: number;
      readonly warnings: readonly string[];
      /** The model itself, for the fit on all development rows only. */
      readonly pipeline: Pipeline | null;
      readonly fitMs: number;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

const noRows = new Int32Array(0);

/**
 * Runs one fit. A candidate that can't be trained is an outcome, not an exception, so that the others go on.
 * @param now monotonic clock in milliseconds
 */
export function runFoldFit(
  setup: FitSetup,
  { trainer, params, seed, members, fold, train, update }: FoldFit,
  now: () => number,
  onProgress?: (fraction: number) => void,
): FoldFitOutcome {
  const rows = fold === null ? { train: setup.development, test: noRows } : setup.folds[fold]!;
  const started = now();
  try {
    const own = { trainer, params, seed, members, train: train ?? rows.train, test: rows.test };
    const fit =
      update && setup.predecessor
        ? runUpdate(setup.dataset, own, setup.predecessor, fold === null)
        : runFit(setup.dataset, own, onProgress);
    const finite = fit.predictions.every(Number.isFinite);
    if (!finite)
      return {
        kind: 'failed',
        code: 'TRAINING_FAILED',
        message: 'the model predicts numbers that are not finite',
      };
    return {
      kind: 'fitted',
      predictions: fit.predictions,
      iterations: fit.iterations,
      warnings: fit.warnings,
      pipeline: fold === null ? fit.pipeline : null,
      fitMs: now() - started,
    };
  } catch (error) {
    if (error instanceof UserError)
      return { kind: 'failed', code: error.code, message: `${error.message}. ${error.fix}` };
    throw error;
  }
}
