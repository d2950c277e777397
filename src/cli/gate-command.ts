import { exitCodeOf } from '../factory/conclusion.ts';
import { loadPlan, requireTrained } from '../factory/handover.ts';
import { gateStep, type Gated } from '../factory/steps/gate.ts';
import type { HistoryPorts } from '../factory/ports.ts';
import { renderText } from '../report/terminal.ts';
import type { ParsedArguments } from './arguments.ts';
import type { Command } from './command.ts';
import { historyOf, ledgerOptions, requireWritable } from './history-source.ts';
import { commonOptions, localPorts, outFolder, personOf, plannedConfigFile } from './local-run.ts';
import type { Terminal } from './terminal.ts';

const { out, workers, candidate, reason, who, plannedConfig } = commonOptions;

/** Judges what was trained. */
export const gateCommand: Command = {
  name: 'gate',
  summary: 'Judge what was trained; write verdict.json and report.md.',
  options: {
    ...{ out, ...ledgerOptions, candidate, reason, who, workers, config: plannedConfig },
    json: { help: 'print the verdict as JSON instead of the report' },
  },
  run: async (args, terminal) => {
    const { verdict, config, sections, refusal } = await gateFolder(
      args,
      terminal,
      await historyOf(args, terminal),
    );
    terminal.print(
      args.flag('json') ? JSON.stringify(verdict, null, 2) : renderText(sections, terminal.columns),
    );
    if (refusal) throw refusal;
    return exitCodeOf(verdict, config);
  },
};

/** Judges the folder that `--out` names, by the test or by the person that `--candidate` speaks for. */
export async function gateFolder(
  args: ParsedArguments,
  terminal: Terminal,
  history: HistoryPorts | null,
): Promise<Gated> {
  const folder = outFolder(args, terminal);
  const plan = await loadPlan(folder);
  if (plan.question === 'promote') requireWritable(history);
  const person = await personOf(args, terminal);
  await requireTrained(folder, plan);
  return gateStep({
    folder,
    configFile: await plannedConfigFile(args, terminal, plan),
    base: plan.base,
    person,
    ports: localPorts(args, terminal, history),
  });
}
