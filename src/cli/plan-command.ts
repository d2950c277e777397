import type { Plan } from '../contracts/plan.ts';
import { planSummary } from '../factory/cost.ts';
import { planStep } from '../factory/steps/plan.ts';
import { exitCodes, type Command } from './command.ts';
import { historyOf, ledgerOptions, requireWritable } from './history-source.ts';
import { cacheOf, commonOptions, configFile, outFolder } from './local-run.ts';

const { config, out, promote, base, cache } = commonOptions;

/** What is trained, in how many jobs: the first step of a run. */
export const planCommand: Command = {
  name: 'plan',
  summary: 'Decide what is trained and write plan.json: the first of plan, train, gate, publish.',
  options: {
    ...{ config, out, ...ledgerOptions, promote, base, cache, 'no-cache': commonOptions['no-cache'] },
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
      cache: cacheOf(args, terminal),
      logger: terminal.logger,
    });
    terminal.print(
      [
        planSummary(plan),
        ...plan.shards.slice(0, shownShards).map(shardLine),
        ...(plan.shards.length > shownShards
          ? [`  and ${plan.shards.length - shownShards} more shards, in plan.json`]
          : []),
      ].join('\n'),
    );
    return exitCodes.ok;
  },
};

/** Shards in the terminal; all of them are in the plan. */
const shownShards = 20;

function shardLine({ index, candidates, runsOn, predictedMs }: Plan['shards'][number]): string {
  const minutes = (predictedMs / 60_000).toFixed(1);
  const where = runsOn === null ? '' : ` on ${runsOn}`;
  return `  shard ${index}${where}, ${minutes} minutes: ${candidates.join(', ')}`;
}
