import { join, relative } from 'node:path';
import { failsCheck } from '../factory/conclusion.ts';
import { configFilesIn } from '../factory/config-files.ts';
import { documentFiles } from '../factory/handover.ts';
import type { HistoryPorts } from '../factory/ports.ts';
import { modelOutput, reportsOf, runSeveral, type ModelRun } from '../factory/several.ts';
import { formatUserError, UserError } from '../errors/user-error.ts';
import { writeFileAtomic } from '../platform/files.ts';
import { combine } from '../report/combine.ts';
import { renderReport } from '../report/report.ts';
import { renderText } from '../report/terminal.ts';
import { argumentError, type ParsedArguments } from './arguments.ts';
import { exitCodes } from './command.ts';
import { cacheOf, localPorts, outFolder } from './local-run.ts';
import type { Terminal } from './terminal.ts';
import { tellPublished } from './tell-published.ts';

/** `run` for several models, one after the other, with one report; documents go to one numbered folder each. */
export async function runModels(
  args: ParsedArguments,
  terminal: Terminal,
  pattern: string,
  history: HistoryPorts | null,
): Promise<number> {
  if (args.text('candidate') !== undefined)
    throw argumentError(
      '--candidate promotes a candidate of one model, but --config names several',
      'Let --config name the configuration of that model alone.',
    );
  const { workingDirectory } = terminal;
  const folder = outFolder(args, terminal);
  const paths = await configFilesIn(workingDirectory, pattern);
  const runs = await runSeveral({
    configFiles: paths.map((path) => ({ path, shown: relative(workingDirectory, path) })),
    outFolder: folder,
    question: args.flag('promote') ? 'promote' : 'merge',
    base: args.text('base') ?? null,
    ports: localPorts(args, terminal, history),
    cache: cacheOf(args, terminal),
    onModel: () => Promise.resolve(),
  });
  const sections = combine(reportsOf(runs));
  await writeFileAtomic(join(folder, documentFiles.report), renderReport(sections));
  terminal.print(
    args.flag('json')
      ? JSON.stringify(runs.map(modelOutput), null, 2)
      : renderText(sections, terminal.columns),
  );
  for (const run of runs) tellEnd(run, terminal, history);
  return exitCodeOfAll(runs);
}

function tellEnd(run: ModelRun, terminal: Terminal, history: HistoryPorts | null): void {
  if (run.kind === 'judged' && run.published) tellPublished(terminal, run.published, history);
  if (run.error instanceof UserError) terminal.error(formatUserError(run.error));
}

/** A bug of ours is thrown on; a mistake in the input of one model counts more than the verdict of another. */
function exitCodeOfAll(runs: readonly ModelRun[]): number {
  const bug = runs.find(({ error }) => error !== null && !(error instanceof UserError));
  if (bug) throw new Error('a run of one of several models failed', { cause: bug.error });
  if (runs.some(({ error }) => error !== null)) return exitCodes.userError;
  const fails = runs.some((run) => run.kind === 'judged' && failsCheck(run.verdict, run.config));
  return fails ? exitCodes.block : exitCodes.ok;
}
