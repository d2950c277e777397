import { z } from 'zod';
import type { Notice, Plan, PlannedCandidate } from '../../contracts/plan.ts';
import { code, details, heading, inline, joined, list, prose, text, type Content } from '../document.ts';
import type { ReportInput, Section } from '../input.ts';
import { counted, formatCount } from '../numbers.ts';

const weighed = z.looseObject({ weight: z.string().optional() });
const namesShown = 12;
const noticesShown = 5;

/** What differs from the side it is compared with, and what the data made the factory notice. */
export function changes({ plan, basePlan, verdict }: ReportInput): Section[] {
  const items: Content[] = basePlan
    ? [
        ...featureChanges(basePlan, plan),
        ...computedChanges(basePlan, plan),
        ...rowChanges(basePlan, plan, verdict.rows.changedLabels),
        ...weightChange(basePlan, plan),
        ...candidateChanges(basePlan, plan),
      ]
    : [];
  const isNew = ({ code, column }: Notice) =>
    !basePlan?.data.notices.some((notice) => notice.code === code && notice.column === column);
  const fresh = plan.data.notices.filter(isNew);
  const known = plan.data.notices.filter((notice) => !isNew(notice));
  const sections: Section[] = [];
  if (items.length + fresh.length > 0)
    sections.push({
      title: 'what changed',
      priority: 1,
      blocks: [
        heading(4, basePlan ? 'What changed' : 'About the data'),
        list([...items, ...fresh.slice(0, noticesShown).map(noticeItem)]),
      ],
    });
  const folded = [...fresh.slice(noticesShown), ...known];
  if (folded.length > 0)
    sections.push({
      title: 'data notices',
      priority: 4,
      blocks: [
        details(counted(folded.length, basePlan ? 'known notice' : 'more notice') + ' about the data', [
          list(folded.map(noticeItem)),
        ]),
      ],
    });
  return sections;
}

function noticeItem({ column, message, fix }: Notice): Content {
  return [
    '⚠ ',
    ...(column === null ? [] : [code(column), text(': ')]),
    ...prose(message),
    ...(fix === null ? [] : [text(' '), ...prose(fix)]),
  ];
}

function featureChanges(base: Plan, head: Plan): Content[] {
  const before = new Map(base.data.features.map(({ name, type }) => [name, type]));
  const after = new Map(head.data.features.map(({ name, type }) => [name, type]));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const added = [...after.keys()].filter((name) => !before.has(name));
  const retyped = [...after].filter(([name, type]) => before.has(name) && before.get(name) !== type);
  return [
    ...(removed.length ? [named(`${counted(removed.length, 'feature')} removed: `, removed)] : []),
    ...(added.length ? [named(`${counted(added.length, 'feature')} added: `, added)] : []),
    ...retyped
      .slice(0, namesShown)
      .map(([name, type]): Content => [
        code(name),
        ` is read as ${type}, was ${before.get(name) ?? 'absent'}`,
      ]),
  ];
}

/** Computed features by name; a changed one with both definitions. */
function computedChanges(base: Plan, head: Plan): Content[] {
  const before = new Map(base.data.engineered.map((feature) => [feature.name, feature.definition]));
  const after = new Map(head.data.engineered.map((feature) => [feature.name, feature.definition]));
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const added = [...after].filter(([name]) => !before.has(name));
  const changed = [...after].filter(([name, now]) => before.has(name) && before.get(name) !== now);
  return [
    ...(removed.length ? [named(`${counted(removed.length, 'computed feature')} removed: `, removed)] : []),
    ...shown(added, 'added', ([name, now]) => [code(name), ' = ', code(now)]),
    ...shown(changed, 'changed', ([name, now]) => [
      ...[code(name), ' = ', code(now), ', was ', code(before.get(name) ?? '')],
    ]),
  ];
}

/** One item for all features of a list, the first ones with their definitions. */
function shown(
  features: readonly (readonly [name: string, definition: string])[],
  what: string,
  describe: (feature: readonly [string, string]) => Content,
): Content[] {
  if (features.length === 0) return [];
  const parts = features.slice(0, namesShown).map((feature) => inline(describe(feature)));
  const more = features.length - namesShown;
  return [
    [
      text(`${counted(features.length, 'computed feature')} ${what}: `),
      ...parts.flatMap((part, i) => (i === 0 ? part : [text('; '), ...part])),
      ...(more > 0 ? [text(` and ${formatCount(more)} more`)] : []),
    ],
  ];
}

function rowChanges(base: Plan, head: Plan, changedLabels: number): Content[] {
  const difference = head.data.usedRows - base.data.usedRows;
  const sameFiles = base.data.fingerprint === head.data.fingerprint;
  return [
    ...(difference === 0
      ? []
      : [
          `${counted(Math.abs(difference), 'row')} ${difference > 0 ? 'added' : 'removed'}: ` +
            `${formatCount(base.data.usedRows)} → ${formatCount(head.data.usedRows)}`,
        ]),
    ...(difference === 0 && !sameFiles ? ['The data file changed, the number of rows did not'] : []),
    ...(changedLabels > 0
      ? [`${counted(changedLabels, 'row has', 'rows have')} another label than before; the old labels judge`]
      : []),
  ];
}

function weightChange(base: Plan, head: Plan): Content[] {
  const [before, after] = [base, head].map(({ config }) => weighed.parse(config['data'] ?? {}).weight);
  if (before === after) return [];
  if (after === undefined)
    return [['All rows count the same in training, no longer by ', code(before ?? '')]];
  const instead = before === undefined ? [] : [text(', no longer by '), code(before)];
  return [['Rows count in training by ', code(after), ...instead]];
}

function candidateChanges(base: Plan, head: Plan): Content[] {
  const competing = ({ candidates }: Plan) =>
    new Map(
      candidates.filter(({ role }) => role === 'candidate').map((candidate) => [candidate.name, candidate]),
    );
  const before = competing(base);
  const after = competing(head);
  const removed = [...before.keys()].filter((name) => !after.has(name));
  const added = [...after.keys()].filter((name) => !before.has(name));
  const changed = [...after.values()].flatMap((candidate) => {
    const old = before.get(candidate.name);
    return old && recipe(old) !== recipe(candidate) ? [candidate.name] : [];
  });
  return [
    ...(added.length ? [named(`${counted(added.length, 'candidate')} added: `, added)] : []),
    ...(removed.length ? [named(`${counted(removed.length, 'candidate')} removed: `, removed)] : []),
    ...(changed.length
      ? [named(`${counted(changed.length, 'candidate')} with other parameters: `, changed)]
      : []),
  ];
}

function recipe({ trainer, params, members = [] }: PlannedCandidate): string {
  const given = [{ name: '', trainer, params }, ...members];
  return JSON.stringify(
    given.map((own) => [
      own.name,
      own.trainer,
      Object.entries(own.params).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ]),
  );
}

function named(prefix: string, names: readonly string[]): Content {
  const more = names.length - namesShown;
  return [
    text(prefix),
    ...joined(names.slice(0, namesShown).map((name) => code(name))),
    ...(more > 0 ? [text(` and ${formatCount(more)} more`)] : []),
  ];
}
