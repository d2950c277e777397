import { alert, code, paragraph, strong, table } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';

/** A banner where the pull request edits the rules that judge it. */
export function policyBanner({ verdict }: ReportInput): Section[] {
  if (verdict.policyEdits.length === 0) return [];
  const rows = verdict.policyEdits.map((edit) => [[code(edit.path)], [code(edit.old)], [code(edit.new)]]);
  return [
    {
      title: 'changed rules',
      priority: 1,
      blocks: [
        alert('WARNING', [
          paragraph([
            strong('This change edits the rules that judge it.'),
            ' The old values judged it; the new ones hold after the merge.',
          ]),
          table(['Setting', 'Old, judged this', 'New, after the merge'], rows),
        ]),
      ],
    },
  ];
}
