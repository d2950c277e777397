import type { Result } from '../contracts/result.ts';
import { loadPlan } from '../factory/handover.ts';
import { trainStep } from '../factory/steps/train.ts';
import { formatFixed } from '../report/numbers.ts';
import { exitCodes, type Command } from './command.ts';
import { cacheOf, commonOptions, dataFolder, localPorts, outFolder } from './local-run.ts';

const { out, cache, workers, plannedConfig } = commonOptions;

/** Trains what was planned: everything, or one shard of it. */
export const trainCommand: Command = {
  name: 'train',
  summary: 'Train the candidates of a plan.',
  options: {
    out,
    shard: { value: 'N', help: 'train only this shard, counted from 0 (default: all of them)' },
    cache,
    'no-cache': commonOptions['no-cache'],
    workers,
    config: plannedConfig,
  },
  run: async (args, terminal) => {
    const folder = outFolder(args, terminal);
    const shard = args.integer('shard', 0) ?? null;
    const { plan, trained } = await trainStep({
      folder,
      outFolder: folder,
      dataFolder: await dataFolder(args, terminal, await loadPlan(folder)),
      shard,
      ports: localPorts(args, terminal, null),
      cache: cacheOf(args, terminal),
    });
    const metric = plan.rankingMetric;
    const lines = trained.map(({ result }) => `${result.candidate}: ${scoreLine(result, metric)}`);
    const why = plan.cached.length > 0 ? 'earlier runs have every result' : 'nothing changed';
    terminal.print(lines.length === 0 ? `Nothing to train: ${why}.` : lines.join('\n'));
    return exitCodes.ok;
  },
};

function scoreLine({ failure, metrics }: Result, metric: string): string {
  if (failure) return `failed: ${failure.message}`;
  return `${metric} ${formatFixed(metrics[metric]?.mean ?? null, 4)}`;
}
