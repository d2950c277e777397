import { code, details, table, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { metricHeader } from '../metric-names.ts';
import { decimalsFor, formatBytes, formatDuration, formatFixed } from '../numbers.ts';
import { paretoFront } from '../trade-offs.ts';

/** Candidates below which the table of all shows every trade-off by itself. */
const fewestCandidates = 4;

/** Folded: who is worth a look where speed or size count as well, because nobody beats them in all three. */
export function tradeOffs({ verdict }: ReportInput): Section[] {
  const candidates = verdict.standings.filter(({ role }) => role === 'candidate');
  const front = paretoFront(verdict);
  if (candidates.length < fewestCandidates || front.length < 2) return [];
  const decimals = decimalsFor(front.map(({ score }) => score));
  const rows = front.map(({ standing, score, predictMsPer1k, modelBytes }): Content[] => [
    [code(standing.name)],
    [code(standing.trainer)],
    formatFixed(score, decimals),
    formatDuration(predictMsPer1k),
    formatBytes(modelBytes),
  ]);
  const headers = ['Candidate', 'Trainer', metricHeader(verdict.metric), '1,000 predictions', 'size'];
  const summary = `Score against speed and size, ${front.length} of ${candidates.length} candidates that no other beats in all three`;
  const body = [table(headers, rows, ['left', 'left', 'right', 'right', 'right'])];
  return [{ title: 'score against speed and size', priority: 6, blocks: [details(summary, body)] }];
}
