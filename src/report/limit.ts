/** A part of a report: it stays, is shortened or goes. */
export interface Part {
  /** As the note about missing parts names it. */
  readonly title: string;
  /** 0 stays in any case; of the others the highest number goes first, and of equal ones the last. */
  readonly priority: number;
  readonly markdown: string;
  /** The part without its appendices; null where it has none. */
  readonly brief: string | null;
}

export interface Limit {
  readonly size: number;
  /** `characters` are UTF-16 code units, `bytes` those of UTF-8. */
  readonly unit: 'characters' | 'bytes';
}

/** GitHub refuses comments above 65,536 characters; marker and footer need some of them. */
export const commentLimit: Limit = { size: 60_000, unit: 'characters' };

/** GitHub drops job summaries above 1 MiB. */
export const summaryLimit: Limit = { size: 1_000_000, unit: 'bytes' };

/**
 * Joins parts to a text that is never longer than the limit. In a fixed order appendices are left out first, then whole
 * parts, and a note at the end says what is missing and `where` the whole report is.
 */
export function fit(parts: readonly Part[], limit: Limit, where: string): string {
  const order = [...parts.keys()]
    .filter((index) => parts[index]!.priority > 0)
    .sort((a, b) => parts[b]!.priority - parts[a]!.priority || b - a);
  const steps = [
    ...order.flatMap((index) => (isShorter(parts[index]!) ? [{ index, left: 'appendices' as const }] : [])),
    ...order.map((index) => ({ index, left: 'all' as const })),
  ];
  const left: Left = new Map();
  let size = parts.reduce((sum, { markdown }) => sum + sizeOf(markdown, limit.unit), 0);
  for (const step of steps) {
    // Joining is left until it can succeed: hundreds of reports are many megabytes.
    if (size <= limit.size) {
      const whole = join(parts, left, where);
      if (sizeOf(whole, limit.unit) <= limit.size) return whole;
    }
    const part = parts[step.index]!;
    size -= sizeOf(shown(part, left.get(step.index)), limit.unit);
    left.set(step.index, step.left);
    size += sizeOf(shown(part, step.left), limit.unit);
  }
  return cutLines(join(parts, left, where), limit);
}

/** What is left out of a part, by its index. */
type Left = Map<number, 'appendices' | 'all'>;

function isShorter({ brief, markdown }: Part): boolean {
  return brief !== null && brief.length < markdown.length;
}

function shown({ markdown, brief }: Part, left: 'appendices' | 'all' | undefined): string {
  return left === undefined ? markdown : left === 'all' ? '' : (brief ?? markdown);
}

/** Size of a text in the unit of the limit. */
export function sizeOf(value: string, unit: Limit['unit']): number {
  return unit === 'characters' ? value.length : new TextEncoder().encode(value).length;
}

function join(parts: readonly Part[], left: Left, where: string): string {
  const kept = parts.map((part, index) => shown(part, left.get(index)));
  const titles = parts.flatMap(({ title }, index) => {
    const what = left.get(index);
    return what === undefined ? [] : [what === 'all' ? title : `appendices of ${title}`];
  });
  const missing = [...new Set(titles)];
  const note = missing.length === 0 ? [] : [leftOutNote(missing, where)];
  return [...kept, ...note].filter((text) => text !== '').join('\n\n');
}

function leftOutNote(missing: readonly string[], where: string): string {
  const named = missing.slice(0, 8).join(', ');
  const more = missing.length > 8 ? ` and ${missing.length - 8} more` : '';
  return `> [!NOTE]\n> Left out to fit: ${named}${more}. The whole report is in ${where}.`;
}

/** Last resort for a report whose first part alone is too long: whole lines, then whole code points. */
function cutLines(text: string, { size, unit }: Limit): string {
  if (sizeOf(text, unit) <= size) return text;
  let kept = '';
  for (const line of text.split('\n')) {
    const next = kept === '' ? line : `${kept}\n${line}`;
    if (sizeOf(next, unit) > size) break;
    kept = next;
  }
  if (kept !== '') return kept.trimEnd();
  for (const character of text) {
    if (sizeOf(kept + character, unit) > size) break;
    kept += character;
  }
  return kept;
}
