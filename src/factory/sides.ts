import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Plan } from '../contracts/plan.ts';
import { slashed } from '../platform/files.ts';
import { Git } from '../platform/git.ts';
import { openProject, type Project } from './project.ts';
import { defaultBase, withBase, type BaseCheckout } from './base-side.ts';

export interface SidesRequest {
  /** Absolute path of the configuration. */
  readonly configFile: string;
  readonly question: Plan['question'];
  /** Commit to compare with; null = where the default branch was left. */
  readonly base: string | null;
  /** Called before any data is read; may refuse the configuration. */
  readonly onProject?: ((config: Config) => Promise<void>) | undefined;
}

/** The two sides of a comparison: this checkout and, if the question needs one, the base commit laid out beside it. */
export interface Sides {
  readonly project: Project;
  readonly checkout: BaseCheckout | null;
  /** Commit of this checkout; null outside a repository. */
  readonly commit: string | null;
  /** Path of the configuration in the repository; outside one, in the working directory. */
  readonly configPath: string;
  readonly git: Git;
}

/**
 * Runs `body` with both sides at hand. A mistake in the configuration's name is told before anything is laid out.
 * @throws UserError CONFIG_MISSING, BASE_MISSING
 */
export async function withSides<T>(
  { configFile, question, base, onProject }: SidesRequest,
  body: (sides: Sides) => Promise<T>,
): Promise<T> {
  const project = await openProject(configFile);
  await onProject?.(project.loaded.config);
  const git = new Git(dirname(configFile));
  const isRepository = await git.isRepository();
  const commit = isRepository ? await git.resolve('HEAD') : null;
  const configPath = await pathFrom(isRepository ? await git.root() : process.cwd(), configFile);
  if (question === 'promote') return body({ project, checkout: null, commit, configPath, git });
  const baseCommit = base === null ? await defaultBase(git) : await git.requireCommit(base);
  if (baseCommit === null) return body({ project, checkout: null, commit, configPath, git });
  return withBase(git, baseCommit, configFile, (checkout) =>
    body({ project, checkout, commit, configPath, git }),
  );
}

/** The file's path with `/`; only its folder has to be there. */
async function pathFrom(root: string, file: string): Promise<string> {
  const real = async (folder: string): Promise<string> => realpath(folder).catch(() => folder);
  return slashed(join(relative(await real(root), await real(dirname(file))), basename(file)));
}
