import { isCommandSource } from '../../config/data-source.ts';
import { loadConfig } from '../../config/load.ts';
import { runsUserCode } from '../../config/program.ts';
import { UserError } from '../../errors/user-error.ts';
import type { Git } from '../../platform/git.ts';
import type { EarlierRun } from '../../platform/github/runs.ts';
import { catalogue } from '../catalogue.ts';
import { defaultBranchEvents } from './earlier-run.ts';

/** The run that wants to believe another one. */
export interface Believer {
  /** `owner/name` of the repository. */
  readonly repository: string;
  readonly defaultBranch: string;
  /** Newest commit of the change: of a pull request its head, on the default branch the commit that was pushed. */
  readonly tip: string;
  /** Commit of the default branch that the change builds on; on the default branch the tip itself. */
  readonly base: string;
  /** Path of the configuration in the repository. */
  readonly configFile: string;
}

/** Events whose runs are believed where their code is the same as here. */
const sameCodeEvents = new Set(['pull_request', 'merge_group', 'push']);

/**
 * Whether what a run of the same workflow left may be believed. Whoever can push to a branch can let the workflow there
 * upload anything, so a run counts only if its code is code of this commit: it ran on a commit of the default branch below
 * this one, or its tree differs in nothing but the configuration, and that one starts no program. A fork's run never
 * counts. Results are not trusted for what they say about their data: that is checked against today's (`readEntry`).
 */
export async function isBelievable(run: EarlierRun, believer: Believer, git: Git): Promise<boolean> {
  const { repository, defaultBranch, tip, base } = believer;
  if (run.repository.toLowerCase() !== repository.toLowerCase()) return false;
  const isKnown = (await git.resolve(run.headSha)) !== null;
  // A tag may have the default branch's name, so the commit has to be on the branch as well.
  if (run.branch === defaultBranch && defaultBranchEvents.has(run.event))
    return isKnown && git.isAncestor(run.headSha, base);
  if (!sameCodeEvents.has(run.event)) return false;
  // A branch that was deleted after its merge is in no checkout, but GitHub names its tree.
  if (run.treeId !== null && run.treeId === (await git.tree(tip))) return true;
  return isKnown && differsInConfigurationOnly(run.headSha, believer, git);
}

async function differsInConfigurationOnly(
  commit: string,
  { tip, configFile }: Believer,
  git: Git,
): Promise<boolean> {
  const changed = await git.changedFiles(commit, tip);
  if (changed.some((path) => path !== configFile)) return false;
  const text = await git.show(commit, configFile);
  return text !== null && !startsPrograms(text.toString(), configFile);
}

/** A program runs beside the factory and could write what it likes in its name. True where that can't be told. */
function startsPrograms(text: string, file: string): boolean {
  try {
    const { data, candidates } = loadConfig(text, file, catalogue).config;
    return isCommandSource(data.source) || Object.values(candidates ?? {}).some(runsUserCode);
  } catch (error) {
    if (error instanceof UserError) return true;
    throw error;
  }
}
