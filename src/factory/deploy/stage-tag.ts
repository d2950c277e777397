import { relative } from 'node:path';
import { nearest } from '../../config/nearest.ts';
import { UserError } from '../../errors/user-error.ts';
import { slashed } from '../../platform/files.ts';
import { GitError, type Git, type LocalTag } from '../../platform/git.ts';
import {
  assignmentsOf,
  nextCounter,
  stagesOf,
  stageTag,
  versionBefore,
  versionsOf,
} from '../../registry/stages.ts';
import { versionTag } from '../../registry/versions.ts';
import { deployConfigOf, loadDefaultConfig } from './default-branch.ts';
import { shellWord } from '../shell-word.ts';

export interface TagRequest {
  readonly git: Git;
  /** Absolute path of the configuration, with symbolic links resolved. */
  readonly configFile: string;
  readonly model: string;
  /** Null = the version that the stage had before. */
  readonly version: string | null;
  readonly stage: string;
  readonly remote: string;
  readonly push: boolean;
}

export interface TagOutcome {
  readonly tag: string;
  readonly version: string;
  /** What the stage's newest tag named before; null for the first. */
  readonly before: string | null;
  /** The git commands that were run, as one would type them. */
  readonly commands: readonly string[];
  readonly pushCommand: string;
}

/**
 * Makes the annotated stage tag on a version's commit, and pushes it where asked. Needs nothing but git.
 * @throws UserError VERSION_UNKNOWN, STAGE_UNKNOWN, COMMIT_FOREIGN, TAG_PROTECTED, GIT_FAILED, BASE_MISSING
 */
export async function tagStage(request: TagRequest): Promise<TagOutcome> {
  const { git, model, stage, remote } = request;
  const commands: string[] = [];
  const run = async (...args: string[]): Promise<void> => {
    commands.push(['git', ...args].map(shellWord).join(' '));
    try {
      await git.run(args);
    } catch (error) {
      throw error instanceof GitError ? refused(error, remote) : error;
    }
  };
  // Others' stage tags take counters too.
  await requireRemote(request);
  if (request.push) await run('fetch', '--quiet', '--tags', remote);
  const tags = await git.tags();
  const assignments = assignmentsOf(tags, model);
  const before = stagesOf(assignments).get(stage)?.version ?? null;
  const version = request.version ?? versionBefore(assignments, stage) ?? nothingBefore(model, stage, before);
  const { commit } = versionIn(tags, model, version);
  await checkDefaultBranch(request, versionTag(model, version), commit);
  const tag = stageTag({ model, stage, counter: nextCounter(assignments) });
  // The words that gto uses.
  const message = `Assigning stage ${stage} to artifact ${model} version ${version}`;
  await run('tag', '--annotate', tag, commit, '--message', message);
  const push = ['push', remote, `refs/tags/${tag}`];
  if (request.push) {
    await run(...push).catch(async (error: unknown) => {
      await git.run(['tag', '--delete', tag]);
      throw error;
    });
  }
  return { tag, version, before, commands, pushCommand: ['git', ...push].map(shellWord).join(' ') };
}

/** A name that git doesn't know would end as its own, longer complaint. */
async function requireRemote({ git, remote, push }: TagRequest): Promise<void> {
  const remotes = await git.remotes();
  if (!push || remotes.includes(remote) || /[/:]/.test(remote)) return;
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: `there is no remote called ${remote}`,
    fix:
      remotes.length > 0
        ? `Name one with --remote: ${remotes.join(', ')}.`
        : `Create the repository on GitHub, then: git remote add ${remote} ADDRESS.`,
  });
}

/** Refuses a stage that the default branch doesn't know, and a version that isn't part of it. */
async function checkDefaultBranch(request: TagRequest, name: string, commit: string): Promise<void> {
  const { git, configFile, model, stage, remote } = request;
  const branch = await git.defaultBranch(remote);
  if (branch === null)
    throw new UserError({
      code: 'BASE_MISSING',
      message: 'this checkout knows no default branch',
      fix: `Fetch it: git fetch ${remote}, then git remote set-head ${remote} --auto.`,
    });
  const path = slashed(relative(await git.root(), configFile));
  const text = (await git.show(branch, path))?.toString() ?? null;
  deployConfigOf(loadDefaultConfig(text, path, branch), model, stage);
  if (await git.isAncestor(commit, branch)) return;
  // A second version of one commit stands on an empty child of it.
  const parent = await git.firstParent(commit);
  const isEmpty = parent !== null && (await git.changedFiles(parent, commit)).length === 0;
  if (isEmpty && (await git.isAncestor(parent, branch))) return;
  throw new UserError({
    code: 'COMMIT_FOREIGN',
    message: `${name} stands on ${commit.slice(0, 7)}, which is not part of ${branch}`,
    at: { name },
    fix: `Only what was merged is deployed. Choose another version, or git fetch ${remote} if it was merged just now.`,
  });
}

function versionIn(tags: readonly LocalTag[], model: string, version: string): LocalTag {
  const versions = versionsOf(tags, model);
  const found = versions.find((candidate) => candidate.version === version);
  if (found) return found.tag;
  const known = versions.map((candidate) => candidate.tag.name).reverse();
  const name = versionTag(model, version);
  const all = versionTagsOf(tags);
  const close = nearest(name, known.length > 0 ? known : all);
  throw new UserError({
    code: 'VERSION_UNKNOWN',
    message: `this checkout has no version ${name}`,
    fix: [
      ...(close === undefined ? [] : [`Did you mean ${close}?`]),
      ...(known.length > 0 ? [`Newest: ${known.slice(0, 5).join(', ')}.`] : []),
      'If it was published just now: git fetch --tags. A version in the folder of --ledger is not released: ' +
        'the workflow on the default branch does that.',
    ].join(' '),
  });
}

function versionTagsOf(tags: readonly LocalTag[]): string[] {
  return tags.map(({ name }) => name).filter((name) => name.includes('@v'));
}

function nothingBefore(model: string, stage: string, now: string | null): never {
  throw new UserError({
    code: 'VERSION_UNKNOWN',
    message:
      now === null
        ? `no version of ${model} was on ${stage} yet`
        : `${stage} has had no version of ${model} but ${now}`,
    fix: `Name the version: model-factory tag ${model}@<version> ${stage}.`,
  });
}

function refused(error: GitError, remote: string): UserError {
  const text = error.stderr.split('\n').filter(Boolean).join('; ');
  if (/rule violation|protected|GH013/i.test(error.stderr))
    return new UserError({
      code: 'TAG_PROTECTED',
      message: `${remote} refuses the tag: ${text}`,
      fix: 'A ruleset of the repository says who may tag: ask one of them (Settings > Rules > Rulesets).',
      cause: error,
    });
  return new UserError({
    code: 'GIT_FAILED',
    message: `git says: ${text}`,
    fix: 'Run the command by itself to see more, mend it, and try again.',
    cause: error,
  });
}
