import type { Standing } from '../../contracts/verdict.ts';
import { code, details, table, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { counted, formatDuration } from '../numbers.ts';

/** What searches left out, folded: candidates that were stopped early. */
export function search({ verdict: { standings } }: ReportInput): Section[] {
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
