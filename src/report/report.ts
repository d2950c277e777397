import { renderBlocks } from './markdown.ts';
import type { ReportInput, Section } from './input.ts';
import { fit, type Limit, type Part } from './limit.ts';
import { appendix } from './sections/appendix.ts';
import { candidates } from './sections/candidates.ts';
import { changes } from './sections/changes.ts';
import { classes } from './sections/classes.ts';
import { evidence } from './sections/evidence.ts';
import { footer } from './sections/footer.ts';
import { headline } from './sections/headline.ts';
import { policyBanner } from './sections/policy.ts';
import { decidingRules, otherRules } from './sections/rules.ts';
import { search } from './sections/search.ts';
import { tradeOffs } from './sections/trade-offs.ts';

export type { ReportInput, ReportLinks, Section } from './input.ts';

/** The report of one model: the verdict first, then what it rests on. The same for comment, summary and terminal. */
export function buildReport(input: ReportInput): Section[] {
  return [
    headline(input),
    ...policyBanner(input),
    ...changes(input),
    ...decidingRules(input),
    ...candidates(input),
    ...search(input),
    ...classes(input),
    ...tradeOffs(input),
    ...evidence(input),
    ...otherRules(input),
    ...appendix(input),
    ...footer(input),
  ];
}

/** Markdown of a report, whole (`report.md`) or within a limit; `where` names the place of the whole one. */
export function renderReport(sections: readonly Section[]): string;
export function renderReport(sections: readonly Section[], limit: Limit, where: string): string;
export function renderReport(sections: readonly Section[], limit?: Limit, where = ''): string {
  const parts = sections.map(partOf);
  if (limit) return fit(parts, limit, where);
  return `${parts.map(({ markdown }) => markdown).join('\n\n')}\n`;
}

function partOf({ title, priority, blocks, brief }: Section): Part {
  return { title, priority, markdown: renderBlocks(blocks), brief: brief ? renderBlocks(brief) : null };
}
