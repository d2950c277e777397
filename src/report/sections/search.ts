import type { Standing } from '../../contracts/verdict.ts';
import { code, details, paragraph, prose, table, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { counted, formatDuration } from '../numbers.ts';

/** What searches left out, folded: candidates that were stopped early, and those that the budget left no time for. */
export function search(input: ReportInput): Section[] {
  return [...stoppedEarly(input), ...skipped(input)];
}

function stoppedEarly({ verdict: { standings } }: ReportInput): Section[] {
  const stopped = standings.filter(({ status }) => status === 'stopped');
  if (stopped.length === 0) return [];
  const summary = `${counted(stopped.length, 'candidate')} stopped early by the search`;
  const rows = stopped.map(({ name, trainMs, stopped: why }: Standing): Content[] => [
    [code(name)],
    why ?? 'no reason was recorded',
    formatDuration(trainMs),
  ]);
  const block = details(summary, [table(['Candidate', 'Stopped', 'time'], rows, ['left', 'left', 'right'])]);
  return [{ title: 'stopped candidates', priority: 5, blocks: [block] }];
}

function skipped({ plan }: ReportInput): Section[] {
  if (plan.skipped.length === 0) return [];
  const minutes = formatDuration(plan.shards.reduce((sum, { predictedMs }) => sum + predictedMs, 0));
  const why =
    'The budget of `model-factory.yml` has no time for them beside the others, which are predicted to take ' +
    `${minutes}. Raise \`train-minutes\` to train them.`;
  const rows = plan.skipped.map(({ name, params, predictedMs }): Content[] => [
    [code(name)],
    [code(JSON.stringify(params))],
    formatDuration(predictedMs),
  ]);
  const body = [
    paragraph(prose(why)),
    table(['Candidate', 'Parameters', 'predicted time'], rows, ['left', 'left', 'right']),
  ];
  const summary = `${counted(plan.skipped.length, 'candidate')} skipped to stay within the budget`;
  return [{ title: 'skipped candidates', priority: 5, blocks: [details(summary, body)] }];
}
