import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { defaultConfigFile, type Plan } from '../contracts/plan.ts';
import { environmentOf } from '../factory/environment.ts';
import type { ResultCache } from '../factory/cache/take.ts';
import type { FactoryPorts, HistoryPorts, PersonalChoice } from '../factory/ports.ts';
import { Git } from '../platform/git.ts';
import { argumentError, type Option, type ParsedArguments } from './arguments.ts';
import { progressBar } from './progress-bar.ts';
import type { Terminal } from './terminal.ts';

/** Options that several verbs share. */
export const commonOptions = {
  config: { value: 'FILE', help: `configuration (default: ${defaultConfigFile})` },
  plannedConfig: { value: 'FILE', help: 'configuration (default: the one that was planned)' },
  out: { value: 'DIR', help: 'folder for the documents (default: model-factory-out)' },
  promote: { help: "ask the default branch's question: does the best candidate become champion?" },
  base: { value: 'REF', help: 'commit to compare with (default: where the default branch was left)' },
  cache: {
    value: 'DIR',
    help: 'also take unchanged results from this folder, and keep new ones in it (default: only the --out folder)',
  },
  'no-cache': { help: 'train every candidate, though an earlier run has the same result' },
  workers: { value: 'N', help: 'threads that train at the same time (default: the processors)' },
  candidate: { value: 'NAME', help: 'promote this candidate by your own decision; needs --reason' },
  reason: { value: 'TEXT', help: 'why you promote the candidate; stands in release and history' },
  who: { value: 'NAME', help: 'who decides (default: user.name of git)' },
} as const satisfies Record<string, Option>;

/** Absolute path of the folder of documents. */
export function outFolder(args: ParsedArguments, { workingDirectory }: Terminal): string {
  return resolve(workingDirectory, args.text('out') ?? 'model-factory-out');
}

/** Absolute path of the configuration. */
export function configFile(args: ParsedArguments, { workingDirectory }: Terminal): string {
  return resolve(workingDirectory, args.text('config') ?? defaultConfigFile);
}

/** The same for a step after `plan`: the one that was planned, unless `--config` names it. */
export async function plannedConfigFile(
  args: ParsedArguments,
  terminal: Terminal,
  plan: Plan,
): Promise<string> {
  if (args.text('config') !== undefined) return configFile(args, terminal);
  const git = new Git(terminal.workingDirectory);
  const home = (await git.isRepository()) ? await git.root() : terminal.workingDirectory;
  return resolve(home, plan.configFile);
}

/** Folder that data paths are relative to, for a step after `plan`. */
export async function dataFolder(args: ParsedArguments, terminal: Terminal, plan: Plan): Promise<string> {
  return dirname(await plannedConfigFile(args, terminal, plan));
}

/** What the factory asks of the outside, on this machine. */
export function localPorts(
  args: ParsedArguments,
  terminal: Terminal,
  history: HistoryPorts | null,
): FactoryPorts {
  return {
    logger: terminal.logger,
    progress: progressBar(terminal),
    workers: { threads: args.integer('workers', 1) ?? availableParallelism(), entry: terminal.workerEntry },
    environment: environmentOf(process),
    now: () => new Date(),
    history,
    run: { id: localRunId(new Date()), attempt: 1, url: null, event: 'local' },
  };
}

/** `local-20261121T093000123Z`: sorts by time and differs from run to run. */
function localRunId(now: Date): string {
  return `local-${now.toISOString().replace(/[-:.]/g, '')}`;
}

/**
 * Where unchanged results may be taken from; null with `--no-cache`.
 * @throws UserError ARGUMENT_INVALID
 */
export function cacheOf(args: ParsedArguments, { workingDirectory }: Terminal): ResultCache | null {
  const folder = args.text('cache');
  if (args.flag('no-cache')) {
    if (folder === undefined) return null;
    throw argumentError('--cache and --no-cache contradict each other', 'Leave one of them out.');
  }
  return {
    store: folder === undefined ? null : resolve(workingDirectory, folder),
    earlier: () => [],
  };
}

/**
 * The candidate that the person at the keyboard promotes; null without `--candidate`.
 * @throws UserError ARGUMENT_INVALID without a reason or a name to answer for it
 */
export async function personOf(args: ParsedArguments, terminal: Terminal): Promise<PersonalChoice | null> {
  const [candidate, reason] = [args.text('candidate'), args.text('reason')?.trim()];
  if (candidate === undefined) {
    if (reason !== undefined || args.text('who') !== undefined)
      throw argumentError('--reason and --who go with --candidate', 'Name the candidate to promote.');
    return null;
  }
  if (!reason)
    throw argumentError(
      `the candidate ${candidate} can not be promoted without a reason`,
      'Add --reason "why": it stands in the release and the history.',
    );
  const git = new Git(terminal.workingDirectory);
  const who = args.text('who') ?? (await git.setting('user.name')) ?? (await git.setting('user.email'));
  if (!who)
    throw argumentError('nobody answers for the promotion', 'Add --who NAME, or set user.name in git.');
  return { candidate, reason, who };
}
