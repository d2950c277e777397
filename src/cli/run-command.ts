import { exitCodeOf } from '../factory/conclusion.ts';
import { namesSeveral } from '../factory/config-files.ts';
import { runFactory } from '../factory/run.ts';
import { renderText } from '../report/terminal.ts';
import type { Command } from './command.ts';
import { historyOf, ledgerOptions, requireWritable } from './history-source.ts';
import { cacheOf, commonOptions, configFile, localPorts, outFolder, personOf } from './local-run.ts';
import { runModels } from './run-models.ts';
import { tellPublished } from './tell-published.ts';

const { config, out, promote, base, cache, workers, candidate, reason, who } = commonOptions;
const noCache = { 'no-cache': commonOptions['no-cache'] };

/** Plan, train, judge and report in one process. */
export const runCommand: Command = {
  name: 'run',
  summary: 'Train the candidates, judge them against the champion and write the report.',
  options: {
    config: {
      value: 'FILE',
      help: `${config.help}; for several models a pattern in quotes: 'models/*/model-factory.yml'`,
    },
    ...{ out, ...ledgerOptions, promote, base, cache, ...noCache, workers, candidate, reason, who },
    json: { help: 'print the verdict as JSON instead of the report' },
  },
  run: async (args, terminal) => {
    const history = await historyOf(args, terminal);
    if (args.flag('promote')) requireWritable(history);
    const named = args.text('config') ?? '';
    if (namesSeveral(named)) return runModels(args, terminal, named, history);
    const outcome = await runFactory({
      configFile: configFile(args, terminal),
      outFolder: outFolder(args, terminal),
      question: args.flag('promote') ? 'promote' : 'merge',
      base: args.text('base') ?? null,
      person: await personOf(args, terminal),
      ports: localPorts(args, terminal, history),
      cache: cacheOf(args, terminal),
    });
    const { verdict, sections, published } = outcome;
    terminal.print(
      args.flag('json') ? JSON.stringify(verdict, null, 2) : renderText(sections, terminal.columns),
    );
    if (published) tellPublished(terminal, published, history);
    else if (!history && verdict.champion === null)
      terminal.logger.info(
        'No history is named. --ledger ./history --promote makes this model the champion of that folder, ' +
          'and --ledger ./history compares the next change with it.',
      );
    return exitCodeOf(verdict, outcome.config);
  },
};
