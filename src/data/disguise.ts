import { parseNumber } from './cells.ts';
import { needsDateOrder, parseDate } from './dates.ts';

/** Why a column of texts is taken for categories although a person reads numbers or dates in it. */
export interface Disguise {
  readonly kind: 'dates' | 'percent' | 'currency' | 'thousands' | 'decimal-comma';
  /** What the texts are, with an example: a noun. */
  readonly what: string;
  /** How they become numbers or dates. */
  readonly fix: string;
  /** The first such text. */
  readonly example: string;
}

/** So many of the different texts must be numbers, or numbers in this disguise. */
const share = 0.9;

interface Form {
  readonly kind: Disguise['kind'];
  readonly what: string;
  is(text: string): boolean;
  fix(matched: readonly string[]): string;
}

const plain = (what: string) => (): string => `Write plain numbers in the file: ${what}.`;

const forms: readonly Form[] = [
  { kind: 'dates', what: 'dates with the day or the month first', is: needsDateOrder, fix: orderFix },
  {
    kind: 'percent',
    what: 'numbers with a percent sign',
    is: (text) => /^[+-]?\d[\d.,]*\s?%$/.test(text),
    fix: plain('12.5 rather than 12.5%'),
  },
  {
    kind: 'currency',
    what: 'amounts with a currency',
    is: (text) => /^[+-]?(?:[$€£¥]\s?\d[\d.,]*|\d[\d.,]*\s?(?:[$€£¥]|EUR|USD|GBP|CHF))$/.test(text),
    fix: plain('12.50 rather than $12.50'),
  },
  {
    kind: 'thousands',
    what: 'numbers with thousands separators',
    is: (text) =>
      /^[+-]?\d{1,3}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3})+,\d+|(?:\.\d{3}){2,}|(?:['\u00a0\u202f ]\d{3})+(?:[.,]\d+)?)$/.test(
        text,
      ),
    fix: plain('1234567 rather than 1,234,567'),
  },
  {
    kind: 'decimal-comma',
    what: 'numbers with a decimal comma',
    is: (text) => /^[+-]?\d*,\d+$/.test(text),
    fix: () => 'Set data.decimal: "," to read them as numbers.',
  },
];

/** What numbers or dates the levels of a categorical column would be, or undefined. */
export function disguiseOf(levels: readonly string[]): Disguise | undefined {
  const texts = levels.map((level) => level.trim());
  const odd = texts.filter((text) => Number.isNaN(parseNumber(text)));
  for (const { kind, what, is, fix } of forms) {
    const matched = odd.filter(is);
    const usual =
      kind === 'dates'
        ? texts.filter((text) => !Number.isNaN(parseDate(text))).length
        : texts.length - odd.length;
    const [example] = matched;
    if (example === undefined || matched.length + usual < share * texts.length) continue;
    return { kind, what: `${what} (${JSON.stringify(example)})`, fix: fix(matched), example };
  }
  return undefined;
}

function orderFix(texts: readonly string[]): string {
  const fits = (['day-first', 'month-first'] as const).filter((order) =>
    texts.every((text) => !Number.isNaN(parseDate(text, order))),
  );
  return fits.length === 1
    ? `Set data.dates: ${fits[0]} to read them as dates.`
    : 'Say which: data.dates: day-first or data.dates: month-first; or write them as YYYY-MM-DD.';
}
