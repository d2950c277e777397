import type { Alignment, Block, Inline } from './document.ts';
import type { Section } from './input.ts';
import { displayWidth, plain } from './plain.ts';

/**
 * The report as text for a terminal, `columns` wide. Folded parts are named at the end; `report.md` has them whole.
 */
export function renderText(sections: readonly Section[], columns = 100): string {
  const blocks = sections.flatMap((section) => section.blocks);
  const open = blocks.filter(({ kind }) => kind !== 'details').map((block) => renderBlock(block, columns));
  const folded = blocks.flatMap((block) => (block.kind === 'details' ? [lineOf(block.summary)] : []));
  const note = folded.length === 0 ? [] : wrap(`In report.md: ${folded.join('; ')}.`, columns, '');
  const parts = [...open, note.join('\n')].filter((part) => part !== '');
  return `${parts.join('\n\n')}\n`.replaceAll('\u00A0', ' ');
}

function renderBlock(block: Block, columns: number): string {
  switch (block.kind) {
    case 'heading':
      return underlined(lineOf(block.content), block.level, columns);
    case 'paragraph':
      return wrap(lineOf(block.content), columns, '').join('\n');
    case 'list':
      return block.items.flatMap((item) => wrap(`- ${lineOf(item)}`, columns, '  ')).join('\n');
    case 'table':
      return renderTable(block, columns);
    case 'figure':
      return block.lines.join('\n');
    case 'details':
      return lineOf(block.summary);
    case 'alert':
      return [
        `! ${block.alert}`,
        ...block.body.flatMap((inner) => renderBlock(inner, columns - 2).split('\n')),
      ]
        .join('\n| ')
        .replace(/\n\| $/gm, '\n|');
  }
}

function underlined(title: string, level: 3 | 4, columns: number): string {
  const lines = wrap(title, columns, '');
  const longest = Math.max(...lines.map(displayWidth));
  return [...lines, (level === 3 ? '═' : '─').repeat(longest)].join('\n');
}

/** Spans as one line of text; a link that isn't named by its address shows it. */
function lineOf(content: readonly Inline[]): string {
  return content
    .map((span): string => {
      switch (span.kind) {
        case 'text':
        case 'code':
          return edges(span.value, plain(span.value));
        case 'strong':
          return lineOf(span.content);
        case 'link':
          return `${plain(span.label)} ${plain(span.url)}`;
      }
    })
    .join('');
}

function edges(value: string, shown: string): string {
  if (shown === '') return /\s/.test(value) ? ' ' : '';
  return `${/^\s/.test(value) ? ' ' : ''}${shown}${/\s$/.test(value) ? ' ' : ''}`;
}

/** Columns aligned; where the table is wider than the terminal, its last column is wrapped. */
function renderTable(
  { headers, rows, alignments }: Extract<Block, { kind: 'table' }>,
  columns: number,
): string {
  const cells = [headers, ...rows].map((row) => headers.map((_, column) => lineOf(row[column] ?? [])));
  const widths = headers.map((_, column) => Math.max(...cells.map((row) => displayWidth(row[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const last = Math.min(widths.at(-1) ?? 0, Math.max(columns - before, 24));
  const lines = cells.flatMap((row) => {
    const start = row
      .slice(0, -1)
      .map((cell, column) => `${pad(cell, widths[column] ?? 0, alignments[column])}  `);
    const wrapped = wrap(row.at(-1) ?? '', last, '').map((part) =>
      pad(part, last, alignments[headers.length - 1]),
    );
    return wrapped.map((part, i) => ((i === 0 ? start.join('') : ' '.repeat(before)) + part).trimEnd());
  });
  const ruler = [...widths.slice(0, -1), last].map((width) => '─'.repeat(width)).join('  ');
  return [lines[0] ?? '', ruler, ...lines.slice(1)].join('\n');
}

function pad(cell: string, width: number, alignment: Alignment = 'left'): string {
  const space = Math.max(0, width - displayWidth(cell));
  const left = alignment === 'right' ? space : alignment === 'center' ? Math.floor(space / 2) : 0;
  return ' '.repeat(left) + cell + ' '.repeat(space - left);
}

/** Lines of at most `columns`, broken at spaces; later lines begin with `indent`. A longer word stays whole. */
function wrap(line: string, columns: number, indent: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    const next = current === '' ? word : `${current} ${word}`;
    if (displayWidth(next) <= columns || current.trim() === '') current = next;
    else {
      lines.push(current);
      current = indent + word;
    }
  }
  return [...lines, current];
}
