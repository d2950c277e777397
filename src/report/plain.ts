/**
 * What a reader can't see but a program acts on: control and format characters (bidirectional overrides, zero-width
 * joiners, tags, variation selectors, fillers), private use and lone surrogates.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** One visible line: white space collapsed (no-break spaces stay), invisible characters removed, at most `limit` code points. */
export function plain(value: string, limit = 1000): string {
  // A code point has at most two code units, so the rest can't be shown; this bounds the work on huge values.
  const head = value.length > limit * 4 ? value.slice(0, limit * 4) : value;
  const line = head
    .replace(/[^\S\u00A0]+/gu, ' ')
    .replace(invisible, '')
    .replace(/ {2,}/g, ' ')
    .trim();
  return cut(line, limit, head.length < value.length);
}

/** The first `limit` code points, the last one of them an ellipsis where something was cut. */
function cut(line: string, limit: number, more: boolean): string {
  const points = Array.from(line);
  if (points.length <= limit) return more ? `${points.slice(0, limit - 1).join('')}…` : line;
  return `${points.slice(0, limit - 1).join('')}…`;
}

/** Columns that the text takes in a terminal: two for East Asian wide characters and emoji, none for marks. */
export function displayWidth(value: string): number {
  let width = 0;
  for (const character of value) width += characterWidth(character);
  return width;
}

function characterWidth(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  const wide =
    /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;
  return wide.test(character) ? 2 : 1;
}
