import { classTables, rightOf } from '../class-tables.ts';
import { code, details, paragraph } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { counted, formatCount } from '../numbers.ts';

/** Folded: which classes the best candidate finds and which it mistakes for others, beside the baseline. */
export function classes({ verdict, plan, results }: ReportInput): Section[] {
  const { winner, confusion } = verdict;
  if (winner === null) return [];
  const own = results.find(({ candidate, role }) => candidate === winner && role === 'candidate');
  const counts = confusion?.winner ?? own?.confusion ?? null;
  if (counts === null) return [];
  const tables = classTables({ classes: plan.classes, counts, baseline: confusion?.baseline ?? null });
  if (tables.length === 0) return [];
  const { right, rows } = rightOf(counts);
  const about =
    `Cross-validation: each row by the model that didn’t learn from it, its most probable class taken as the answer; ` +
    `${formatCount(right)} of ${counted(rows, 'row')} are right.`;
  return [
    {
      title: 'classes',
      priority: 6,
      blocks: [
        details(['Classes: where ', code(winner), ' is right and wrong'], [paragraph(about), ...tables]),
      ],
    },
  ];
}
