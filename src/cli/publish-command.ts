import { loadPlan, loadVerdict, saveModel } from '../factory/handover.ts';
import type { HistoryPorts } from '../factory/ports.ts';
import { publishStep } from '../factory/steps/publish.ts';
import { renderText } from '../report/terminal.ts';
import { argumentError, type ParsedArguments } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { gateFolder } from './gate-command.ts';
import { historyOf, ledgerOptions, requireWritable } from './history-source.ts';
import { commonOptions, dataFolder, localPorts, outFolder } from './local-run.ts';
import { tellPublished } from './tell-published.ts';
import type { Terminal } from './terminal.ts';

const { out, workers, candidate, reason, who, plannedConfig } = commonOptions;

/** Publishes what passed, or what a person chose. */
export const publishCommand: Command = {
  name: 'publish',
  summary:
    'Publish the model of a verdict that says promote, or by your decision a candidate that broke no rule.',
  options: { out, ...ledgerOptions, candidate, reason, who, workers, config: plannedConfig },
  run: async (args, terminal) => {
    const history = await historyOf(args, terminal);
    if (!history) throw argumentError('no history is named', 'Name its folder: --ledger ./history.');
    requireWritable(history);
    if (args.text('candidate') !== undefined) {
      const { sections, refusal } = await gateFolder(args, terminal, history);
      terminal.print(renderText(sections, terminal.columns));
      if (refusal) throw refusal;
    }
    return publishFolder(args, terminal, history);
  },
};

async function publishFolder(
  args: ParsedArguments,
  terminal: Terminal,
  history: HistoryPorts,
): Promise<number> {
  const folder = outFolder(args, terminal);
  const { run } = await loadVerdict(folder);
  const { now, run: own } = localPorts(args, terminal, history);
  const { verdict, published } = await publishStep({
    folder,
    dataFolder: await dataFolder(args, terminal, await loadPlan(folder)),
    run: run ?? own,
    history,
    now: now(),
    mayRecord: false,
    asked: true,
  });
  if (published) {
    await saveModel(folder, published.files);
    tellPublished(terminal, published, history);
    return exitCodes.ok;
  }
  terminal.logger.info(`Nothing to publish: the verdict is ${verdict.conclusion} (${verdict.reason}).`);
  return verdict.conclusion === 'block' ? exitCodes.block : exitCodes.ok;
}
