import { nameField } from '../contracts/fields.ts';

/** A value as a message quotes it: blocks and lists by their kind, because they may be long. */
export function quoted(input: unknown): string {
  if (input === null) return 'empty';
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'a block of keys' : JSON.stringify(input);
}

/** What to write where a value is of another kind than `expected`, such as "a number". */
export function kindFix(expected: string, input: unknown): string {
  if (typeof input === 'string' && expected.endsWith('number')) {
    const share = /^(\d+(?:\.\d+)?) ?%$/.exec(input)?.[1];
    if (share !== undefined) return `Write ${shareOf(Number(share))}.`;
    if (/^-?\d+(\.\d+)?$/.test(input)) return `Write ${input} without quotes.`;
  }
  if (expected === 'a block of keys' && Array.isArray(input))
    return 'Give each entry a name of its own instead of a dash, e.g. candidates: { trees: { trainer: random-forest } }.';
  if (expected === 'a block of keys' && input === null)
    return 'Write its keys below it, each two spaces further in.';
  if (expected === 'a list' && (typeof input === 'string' || typeof input === 'number'))
    return `Put it between brackets: [${input}].`;
  return `Write ${expected} here.`;
}

/** A share that was written as a percentage: what it most likely means. */
export function percentFix(input: unknown, most: unknown): string {
  const isPercent = typeof input === 'number' && Number(most) === 1 && input > 1 && input <= 100;
  return isPercent ? ` Write ${shareOf(input)} if you mean ${input}%.` : '';
}

function shareOf(percent: number): number {
  return Number((percent / 100).toFixed(6));
}

/** A name that is allowed and made of this text; undefined where too little of it is left. */
export function allowedName(text: string): string | undefined {
  const slug = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replaceAll(/^[_-]+/g, '')
    .slice(0, 64)
    .replaceAll(/[_-]+$/g, '');
  return nameField.safeParse(slug).success ? slug : undefined;
}
