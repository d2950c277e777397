import { exitCodeOf } from '../factory/conclusion.ts';
import { runFactory } from '../factory/run.ts';
import type { PublishOutcome } from '../factory/publish.ts';
import { renderText } from '../report/terminal.ts';
import type { Command } from './command.ts';
import { historyOf, ledgerOptions, requireWritable } from './history-source.ts';
import { commonOptions, configFile, localPorts, outFolder, personOf } from './local-run.ts';
import type { Terminal } from './terminal.ts';

const { config, out, promote, base, workers, candidate, reason, who } = commonOptions;

/** Plan, train, judge and report in one process. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Train the candidates, judge them against the champion and write the report.',
  options: {
    ...{ config, out, ...ledgerOptions, promote, base, workers, candidate, reason, who },
    json: { help: 'print the verdict as JSON instead of the report' },
  },
  run: async (args, terminal) => {
    const history = await historyOf(args, terminal);
    if (args.flag('promote')) requireWritable(history);
    const outcome = await runFactory({
      configFile: configFile(args, terminal),
      outFolder: outFolder(args, terminal),
      question: args.flag('promote') ? 'promote' : 'merge',
      base: args.text('base') ?? null,
      person: await personOf(args, terminal),
      ports: localPorts(args, terminal, history),
    });
    const { verdict, sections, published } = outcome;
    terminal.print(
      args.flag('json') ? JSON.stringify(verdict, null, 2) : renderText(sections, terminal.columns),
    );
    if (published && history) tellPublished(terminal, published);
    return exitCodeOf(verdict, outcome.config);
  },
};

/** Says where a version went. */
export function tellPublished(
  { logger }: Terminal,
  { promotion, url }: Extract<PublishOutcome, { kind: 'published' }>,
): void {
  logger.info(`${promotion.model}@${promotion.version} is the champion now: ${url}`);
}
