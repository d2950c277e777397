import { formatUserError } from '../errors/user-error.ts';
import { formatDate } from './dates.ts';
import type { ColumnProfile, ColumnSummary, TableProfile } from './profile.ts';

const maxNameLength = 32;
const maxLevelLength = 24;

/**
 * A profile as text for a terminal: one line per column, then keys, task, notices and problems. `found` = settings
 * below `data` that the file turned out to need.
 */
export function renderProfile(profile: TableProfile, found: object = {}): string {
  const { file, rows, columns, duplicateRows, keys, task, notices, problem } = profile;
  const duplicates = duplicateRows === 0 ? '' : `, ${counted(duplicateRows, 'duplicate row')}`;
  const sections = [
    `${file}: ${counted(rows, 'row')}, ${counted(columns.length, 'column')}${duplicates}`,
    foundLine(found),
    columnLines(columns).join('\n'),
    keys.length === 0 ? '' : keyLine(keys),
    task === null ? '' : `Task: ${task.name} (${task.reason}).`,
    notices
      .map(({ column, message, fix }) =>
        `- ${column === null ? '' : `${column}: `}${message} ${fix ?? ''}`.trimEnd(),
      )
      .join('\n'),
    problem === null ? '' : formatUserError(problem),
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

function foundLine(found: object): string {
  const settings = Object.entries(found).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return settings.length === 0 ? '' : `To read it so, set below data: ${settings.join(', ')}.`;
}

function columnLines(columns: readonly ColumnProfile[]): string[] {
  const table = [
    ['column', 'type', 'missing', 'distinct', 'values'],
    ...columns.map(({ name, type, missingShare, distinct, summary }) => [
      shorten(name, maxNameLength),
      type,
      missingShare === 0 ? '-' : percent(missingShare),
      String(distinct),
      describe(summary),
    ]),
  ];
  const width = (index: number): number => Math.max(...table.map((cells) => cells[index]!.length));
  const [name, type, missing, distinct] = [width(0), width(1), width(2), width(3)];
  return table.map((cells) =>
    [
      cells[0]!.padEnd(name),
      cells[1]!.padEnd(type),
      cells[2]!.padStart(missing),
      cells[3]!.padStart(distinct),
      cells[4]!,
    ].join('  '),
  );
}

function describe(summary: ColumnSummary): string {
  if (summary.kind === 'empty') return '(no values)';
  if (summary.kind === 'levels')
    return summary.top
      .map(({ level, share }) => `${shorten(level, maxLevelLength)} ${percent(share)}`)
      .join(', ');
  const { min, lowerQuartile, median, upperQuartile, max, mean } = summary;
  if (summary.kind === 'dates')
    return `${formatDate(min)} … ${formatDate(max)}, median ${formatDate(median)}`;
  return `${short(min)} … [${short(lowerQuartile)} ${short(median)} ${short(upperQuartile)}] … ${short(max)}, mean ${short(mean)}`;
}

function keyLine(keys: readonly (readonly string[])[]): string {
  const [first = [], ...others] = keys;
  if (first.length > 1) {
    const pairs = keys.slice(0, 3).map((names) => names.join(' + '));
    return `No column identifies a row, but these do together: ${pairs.join('; ')}. A column that joins them could be data.key.`;
  }
  const [name = ''] = first;
  if (others.length === 0)
    return `${name} is different in each row. If it names a row for good, set data.key: ${name}.`;
  return [
    `${keys.length} columns are different in each row: ${keys.map(([key]) => key).join(', ')}.`,
    `If one of them names a row for good, set it as data.key, for example data.key: ${name}.`,
  ].join(' ');
}

/** Four significant digits, or the whole number. */
function short(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  return String(Number(value.toPrecision(4)));
}

function percent(share: number): string {
  const text = (100 * share).toFixed(1);
  return share > 0 && text === '0.0' ? '<0.1%' : `${text}%`;
}

/** One line, at most `length` characters; control characters can't reach the terminal. */
function shorten(text: string, length: number): string {
  const line = text.replace(/\p{C}/gu, ' ');
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
