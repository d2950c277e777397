import { z } from 'zod';
import { dateParts, featureTypes, shortest, type DatePart } from '../../contracts/feature.ts';
import { nameField } from '../../contracts/fields.ts';
import { datePart } from './calendar.ts';
import { Formula } from './formula.ts';

const source = z.string();
const single = z.tuple([source]);

/**
 * A column that the model computes from its inputs, or from derived columns before it, with everything that was fitted.
 * Numbers are float32, missing = NaN; a result that isn't finite, such as a quotient by 0, is missing.
 */
export const derivedColumnSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.enum(['ratio', 'difference']),
    name: nameField,
    sources: z.tuple([source, source]),
  }),
  /** sign(x) * ln(1 + |x|). */
  z.strictObject({ kind: z.literal('log'), name: nameField, sources: single }),
  /** Bin k holds edges[k-1] <= x < edges[k]; the first and the last are open. Edges are float32 and ascend. */
  z.strictObject({
    kind: z.literal('bins'),
    name: nameField,
    sources: single,
    edges: z.array(z.number()),
    as: z.enum(featureTypes),
  }),
  z.strictObject({
    kind: z.literal('date-part'),
    name: nameField,
    sources: single,
    part: z.enum(dateParts),
    as: z.enum(featureTypes),
  }),
  /** The level's mean target, drawn towards the overall mean; `other` for every level that isn't listed. */
  z.strictObject({
    kind: z.literal('target-mean'),
    name: nameField,
    sources: single,
    levels: z.array(z.string()),
    means: z.array(z.number()),
    other: z.number(),
  }),
]);
export type DerivedColumn = z.infer<typeof derivedColumnSchema>;
export type TargetMean = Extract<DerivedColumn, { kind: 'target-mean' }>;
export type Computed = Exclude<DerivedColumn, TargetMean>;

/** The column's numbers from those of its sources. */
export function formulaOf(column: Computed): Formula {
  const formula = new Formula();
  const first = formula.source(0);
  switch (column.kind) {
    case 'ratio':
      formula.binary('Div', first, formula.source(1));
      break;
    case 'difference':
      formula.binary('Sub', first, formula.source(1));
      break;
    case 'log': {
      const sign = formula.unary('Sign', first);
      const size = formula.binary('Add', formula.unary('Abs', first), 1);
      formula.binary('Mul', sign, formula.unary('Log', size));
      break;
    }
    case 'bins': {
      const bin = formula.bin(first, column.edges);
      // 0, or NaN where the number is missing.
      formula.binary('Add', bin, formula.binary('Sub', first, first));
      break;
    }
    case 'date-part':
      datePart(formula, first, column.part);
  }
  return formula;
}

/** The texts of a column that gives a category: `texts[k]` stands for the number `first + k`. */
export interface Texts {
  readonly first: number;
  readonly texts: readonly string[];
}

/** The texts that a column gives instead of its numbers; null where it gives numbers. */
export function textsOfColumn(column: DerivedColumn): Texts | null {
  if (!('as' in column) || column.as === 'number') return null;
  if (column.kind === 'bins') return { first: 0, texts: binTexts(column.edges) };
  return textsOfPart[column.part];
}

function binTexts(edges: readonly number[]): string[] {
  const shown = edges.map(shortest);
  const last = shown.at(-1);
  if (last === undefined) return ['any'];
  return [
    `below ${shown[0]!}`,
    ...shown.slice(1).map((edge, k) => `${shown[k]!} to below ${edge}`),
    `from ${last}`,
  ];
}

const numbered = (first: number, last: number): Texts => ({
  first,
  texts: Array.from({ length: last - first + 1 }, (_, k) => String(first + k)),
});

const textsOfPart: Readonly<Record<DatePart, Texts | null>> = {
  year: null,
  month: {
    first: 1,
    texts: [
      ...['January', 'February', 'March', 'April', 'May', 'June'],
      ...['July', 'August', 'September', 'October', 'November', 'December'],
    ],
  },
  day: numbered(1, 31),
  weekday: {
    first: 1,
    texts: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  },
  hour: numbered(0, 23),
};
