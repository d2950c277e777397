import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Promotion } from '../contracts/ledger.ts';
import type { Git } from '../platform/git.ts';
import { runAllFits } from './all-fits.ts';
import type { Workers } from './fits.ts';
import { collectOutOfFold, foldMetrics, type OutOfFold } from './out-of-fold.ts';
import type { Prepared } from './prepared.ts';
import { openProjectIfThere, type Project } from './project.ts';

/** The commit that a change is compared with, laid out beside the working tree. */
export interface BaseCheckout {
  readonly commit: string;
  /** Null where the base has no configuration yet. */
  readonly project: Project | null;
}

/** Runs `body` with the base commit's files and the configuration that stands at the same path there. */
export async function withBase<T>(
  git: Git,
  commit: string,
  configFile: string,
  body: (base: BaseCheckout) => Promise<T>,
): Promise<T> {
  const parent = await mkdtemp(join(tmpdir(), 'model-factory-base-'));
  try {
    return await git.withWorktree(commit, join(parent, 'tree'), async (folder) => {
      const path = relative(await git.root(), await realpath(configFile));
      return body({ commit, project: await openProjectIfThere(join(folder, path), `${path} (base)`) });
    });
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/**
 * The commit that a change on a laptop is compared with: where HEAD left the default branch, or HEAD itself for
 * changes that aren't committed. Null outside a repository or without a commit.
 */
export async function defaultBase(git: Git): Promise<string | null> {
  if (!(await git.isRepository())) return null;
  const branch = await git.defaultBranch();
  return branch === null ? git.resolve('HEAD') : git.mergeBase('HEAD', branch);
}

/** The champion's recipe, cross-validated on the base side's data. */
export interface BaseResult {
  readonly outOfFold: OutOfFold;
  /** Fold scores by metric. */
  readonly metrics: ReturnType<typeof foldMetrics>;
}

/** Trains a recipe on every fold of the base side, programs with the base's files; null where it can't be trained. */
export async function trainBase(
  base: Prepared,
  recipe: Promotion['recipe'],
  workers: Workers,
): Promise<BaseResult | null> {
  const { dataset, folds } = base;
  const [fits = []] = await runAllFits(base, [{ ...recipe, refit: false }], workers);
  const predictions = fits.flatMap((fit) => (fit.kind === 'fitted' ? [fit.predictions] : []));
  if (predictions.length < folds.length) return null;
  return {
    outOfFold: collectOutOfFold(dataset.table.rows, Math.max(dataset.classes.length, 1), folds, predictions),
    metrics: foldMetrics(dataset, folds, predictions, base.settings.metrics),
  };
}
