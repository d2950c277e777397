import { planSummary } from '../factory/shards.ts';
import { planStep } from '../factory/steps/plan.ts';
import { exitCodes, type Command } from './command.ts';
import { historyOf, ledgerOptions, requireWritable } from './history-source.ts';
import { commonOptions, configFile, outFolder } from './local-run.ts';

const { config, out, promote, base } = commonOptions;

/** What is trained, in how many jobs: the first step of a run. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'Decide what is trained and write plan.json: the first of plan, train, gate, publish.',
  options: {
    ...{ config, out, ...ledgerOptions, promote, base },
    'max-shards': { value: 'N', help: 'jobs to share the training among, at most (default: 20)' },
  },
  run: async (args, terminal) => {
    const history = await historyOf(args, terminal);
    if (args.flag('promote')) requireWritable(history);
    const { plan } = await planStep({
      configFile: configFile(args, terminal),
      outFolder: outFolder(args, terminal),
      question: args.flag('promote') ? 'promote' : 'merge',
      base: args.text('base') ?? null,
      maxShards: args.integer('max-shards', 1) ?? 20,
      history,
      event: 'local',
      person: null,
    });
    terminal.print(
      [
        planSummary(plan),
        ...plan.shards.map(({ index, candidates }) => `  shard ${index}: ${candidates.join(', ')}`),
      ].join('\n'),
    );
    return exitCodes.ok;
  },
};
