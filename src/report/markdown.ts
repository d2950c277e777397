import { inline, type Alignment, type Block, type Content, type Inline } from './document.ts';
import { plain } from './plain.ts';

/** Longest user-written span in a table cell, in code points. */
export const cellLimit = 240;

/** Invisible break that keeps GitHub from reading a mention, reference, address or emoji code. */
const zeroWidthSpace = '\u200B';

/**
 * GitHub-flavoured markdown that shows exactly this text: no markup, HTML, link, mention, issue reference or emoji
 * code comes out of it, wherever in a line it is put. Invisible characters are removed, line breaks become spaces.
 */
export function escapeText(value: string, limit = 1000): string {
  return plain(value, limit)
    .replace(/[@#]/g, `$&${zeroWidthSpace}`)
    .replace(/:(?=\/\/|[\w+-]+:)/g, `:${zeroWidthSpace}`)
    .replace(/www(?=\.)/gi, `$&${zeroWidthSpace}`)
    .replace(/(?<![a-z0-9])GH(?=-\d)/gi, `$&${zeroWidthSpace}`)
    .replace(/[\\`*_[\]|~$!]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/^[-+=:](?=[-=:\s]|$)/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** A code span that shows exactly this text. In a table the pipe needs a backslash even inside of code. */
export function escapeCode(value: string, { limit = 1000, inTable = false } = {}): string {
  const shown = plain(value, limit);
  if (shown === '') return '';
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  // `\\|` in a row is a backslash and the end of the cell.
  const body = inTable ? shown.replace(/\\(?=\|)/g, `$&${zeroWidthSpace}`).replace(/\|/g, '\\|') : shown;
  return `${fence}${space}${body}${space}${fence}`;
}

/** Markdown of one line of spans. */
export function renderInline(content: Content, inTable = false): string {
  return inline(content)
    .map((span) => renderSpan(span, inTable))
    .join('');
}

function renderSpan(span: Inline, inTable: boolean): string {
  const limit = inTable ? cellLimit : 1000;
  switch (span.kind) {
    case 'text':
      return keepEdges(span.value, escapeText(span.value, limit));
    case 'code':
      return escapeCode(span.value, { limit, inTable });
    case 'strong':
      return renderStrong(renderInline(span.content, inTable).trim());
    case 'link':
      return renderLink(span.label, span.url, limit);
  }
}

/** White space at the edges of a span separates it from its neighbours; `plain` trims it. */
function keepEdges(value: string, escaped: string): string {
  const edge = (space: string | undefined) => (space === '\u00A0' ? space : space === undefined ? '' : ' ');
  const before = edge(/^\s/.exec(value)?.[0]);
  return escaped === '' ? before : `${before}${escaped}${edge(/\s$/.exec(value)?.[0])}`;
}

function renderStrong(inner: string): string {
  return inner === '' ? '' : `**${inner}**`;
}

function renderLink(label: string, url: string, limit: number): string {
  const shown = escapeText(label, limit);
  if (!/^https?:\/\/[^\s<>"'`\\|]+$/.test(url)) return shown;
  return `[${shown}](${url.replace(/[()[\]*_~]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})`;
}

const rulers: Record<Alignment, string> = { left: ':--', right: '--:', center: ':-:' };

/** Markdown of blocks, with an empty line between them, without a final newline. */
export function renderBlocks(blocks: readonly Block[]): string {
  return blocks.map(renderBlock).join('\n\n');
}

function renderBlock(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${renderInline(block.content)}`;
    case 'paragraph':
      return renderInline(block.content);
    case 'list':
      return block.items.map((item) => `- ${renderInline(item)}`).join('\n');
    case 'table':
      return renderTable(block);
    case 'figure':
      return renderFigure(block.lines);
    case 'details':
      return `<details><summary>${renderSummary(block.summary)}</summary>\n\n${renderBlocks(block.body)}\n\n</details>`;
    case 'alert':
      return [`[!${block.alert}]`, ...renderBlocks(block.body).split('\n')]
        .map((line) => (line === '' ? '>' : `> ${line}`))
        .join('\n');
  }
}

function renderTable({ headers, rows, alignments }: Extract<Block, { kind: 'table' }>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(headers.map((cell) => renderInline(cell, true))),
    line(headers.map((_, column) => rulers[alignments[column] ?? 'left'])),
    ...rows.map((row) => line(headers.map((_, column) => renderInline(row[column] ?? [], true)))),
  ].join('\n');
}

function renderFigure(lines: readonly string[]): string {
  const shown = lines.map((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    return `${indent}${line.slice(indent.length).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')}`.trimEnd();
  });
  const longest = Math.max(
    2,
    ...shown.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...shown, fence].join('\n');
}

/** `<summary>` is HTML, where markdown isn't read: spans become tags and entities. */
function renderSummary(content: readonly Inline[]): string {
  return content
    .map((span): string => {
      switch (span.kind) {
        case 'text':
          return keepEdges(span.value, htmlText(span.value));
        case 'code':
          return `<code>${htmlText(span.value)}</code>`;
        case 'strong':
          return `<b>${renderSummary(span.content)}</b>`;
        case 'link':
          return htmlText(span.label);
      }
    })
    .join('');
}

function htmlText(value: string): string {
  return plain(value, cellLimit)
    .replace(/[&<>"'`*_[\]\\|~$!:.#@]/g, (c) => `&#${c.charCodeAt(0)};`)
    .replace(/&#(?:64|35);/g, `$&${zeroWidthSpace}`);
}
