import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { environmentOf } from '../factory/environment.ts';
import { runFactory } from '../factory/run.ts';
import { exitCodeOf } from '../factory/conclusion.ts';
import { ledgerFolder } from '../platform/ledger-folder.ts';
import { releaseFolder } from '../platform/release-folder.ts';
import { renderText } from '../report/terminal.ts';
import type { Command } from './command.ts';
import { progressBar } from './progress-bar.ts';

/** Plan, train, judge and report in one process. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Train the candidates, judge them against the champion and write the report.',
  options: {
    config: { value: 'FILE', help: 'configuration (default: model-factory.yml)' },
    out: {
      value: 'DIR',
      help: 'folder for plan, results, verdict, report and model (default: model-factory-out)',
    },
    ledger: { value: 'DIR', help: 'folder that keeps the history; without it nothing is compared or kept' },
    promote: { help: "ask the default branch's question: does the best candidate become champion?" },
    base: { value: 'REF', help: 'commit to compare with (default: where the default branch was left)' },
    workers: { value: 'N', help: 'threads that train at the same time (default: the processors)' },
    json: { help: 'print the verdict as JSON instead of the report' },
  },
  run: async (args, terminal) => {
    const at = (path: string): string => resolve(terminal.workingDirectory, path);
    const ledger = args.text('ledger');
    const outcome = await runFactory({
      configFile: at(args.text('config') ?? 'model-factory.yml'),
      outFolder: at(args.text('out') ?? 'model-factory-out'),
      question: args.flag('promote') ? 'promote' : 'merge',
      base: args.text('base') ?? null,
      person: null,
      links: { runUrl: null, commitUrl: null, artifactUrl: null },
      ports: {
        logger: terminal.logger,
        progress: progressBar(terminal),
        workers: {
          threads: args.integer('workers', 1) ?? availableParallelism(),
          entry: terminal.workerEntry,
        },
        environment: environmentOf(process),
        now: () => new Date(),
        history:
          ledger === undefined
            ? null
            : { ledger: ledgerFolder(at(ledger)), releases: releaseFolder(join(at(ledger), 'releases')) },
        run: { id: localRunId(new Date()), attempt: 1, url: null, event: 'local' },
      },
    });
    terminal.print(
      args.flag('json')
        ? JSON.stringify(outcome.verdict, null, 2)
        : renderText(outcome.sections, terminal.columns),
    );
    return exitCodeOf(outcome.verdict, outcome.config);
  },
};

/** `local-20261121T093000123Z`: sorts by time and differs from run to run. */
function localRunId(now: Date): string {
  return `local-${now.toISOString().replace(/[-:.]/g, '')}`;
}
