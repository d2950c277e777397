import type { Verdict } from '../contracts/verdict.ts';
import { code, details, heading, link, table, text } from './document.ts';
import type { Section } from './input.ts';
import { badge } from './sections/headline.ts';

/** The report of one model among several. */
export interface ModelReport {
  readonly verdict: Verdict;
  readonly sections: readonly Section[];
  /** Page with the whole report of this model, or null. */
  readonly url: string | null;
}

const weights: Record<Verdict['conclusion'], number> = { block: 0, undecided: 1, promote: 2, keep: 3 };

/** One report of several models: a table of verdicts, what needs attention first, then each model's report, folded. */
export function combine(reports: readonly ModelReport[]): Section[] {
  const [only] = reports;
  if (only && reports.length === 1) return [...only.sections];
  const ordered = reports.toSorted(
    (a, b) =>
      weights[a.verdict.conclusion] - weights[b.verdict.conclusion] ||
      (a.verdict.model < b.verdict.model ? -1 : 1),
  );
  const rows = ordered.map(({ verdict, url }) => [
    url === null ? [code(verdict.model)] : [link(verdict.model, url)],
    [text(badge(verdict)), ' ', code(verdict.reason)],
    verdict.sentence,
  ]);
  return [
    {
      title: 'verdicts',
      priority: 0,
      blocks: [heading(3, title(ordered)), table(['Model', 'Verdict', 'Why'], rows)],
    },
    ...ordered.map(({ verdict, sections }, index) => ({
      title: verdict.model,
      priority: 1 + index,
      blocks: [
        details(
          [code(verdict.model), ` ${badge(verdict)}`],
          sections.flatMap(({ blocks }) => blocks),
        ),
      ],
    })),
  ];
}

/** `3 models: 1 ⛔ Do not merge, 2 ✅ May merge` */
function title(reports: readonly ModelReport[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of reports) counts.set(badge(verdict), (counts.get(badge(verdict)) ?? 0) + 1);
  const parts = [...counts].map(([words, count]) => `${count} ${words}`);
  return `${reports.length} models: ${parts.join(', ')}`;
}
