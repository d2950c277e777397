/** A part of a report that stays or goes as a whole. */
export interface Part {
  /** As the note about missing parts names it. */
  readonly title: string;
  /** 0 stays in any case; of the others the highest number goes first, and of equal ones the last. */
  readonly priority: number;
  readonly markdown: string;
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
 * Joins parts to a text that is never longer than the limit. What doesn't fit is left out whole, in a fixed order,
 * and a note at the end says what is missing and `where` the whole report is.
 */
export function fit(parts: readonly Part[], limit: Limit, where: string): string {
  const order = parts
    .map((part, index) => ({ part, index }))
    .filter(({ part }) => part.priority > 0)
    .sort((a, b) => b.part.priority - a.part.priority || b.index - a.index);
  const left = new Set<number>();
  let size = parts.reduce((sum, { markdown }) => sum + sizeOf(markdown, limit.unit), 0);
  for (const { part, index } of order) {
    // Joining is left until it can succeed: hundreds of reports are many megabytes.
    if (size <= limit.size) {
      const whole = join(parts, left, where);
      if (sizeOf(whole, limit.unit) <= limit.size) return whole;
    }
    left.add(index);
    size -= sizeOf(part.markdown, limit.unit);
  }
  return cutLines(join(parts, left, where), limit);
}

/** Size of a text in the unit of the limit. */
export function sizeOf(value: string, unit: Limit['unit']): number {
  return unit === 'characters' ? value.length : new TextEncoder().encode(value).length;
}

function join(parts: readonly Part[], left: ReadonlySet<number>, where: string): string {
  const kept = parts.filter((_, index) => !left.has(index)).map(({ markdown }) => markdown);
  const missing = [...new Set(parts.filter((_, index) => left.has(index)).map(({ title }) => title))];
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
