import { code, paragraph, table, text, type Block } from './document.ts';
import { counted, decimalsFor, formatFixed } from './numbers.ts';

/** How much the columns of a linear model or of trees contribute to predictions on average. */
export interface CardContributions {
  /** What contributions add up to, in words. */
  readonly unit: string;
  /** The class whose score they add up to; null for a number, and where those of all classes are added. */
  readonly label: string | null;
  /** Number of scores. */
  readonly classes: number;
  readonly rows: number;
  /** Mean of the absolute contributions in the unit; the largest first. */
  readonly columns: readonly { readonly column: string; readonly mean: number }[];
}

const mostShown = 15;

/** Mean contributions, beside the importance by shuffling. */
export function contributionTable(contributions: CardContributions | null): Block[] {
  if (contributions === null) return [];
  const { unit, label, classes, rows, columns } = contributions;
  const counting = columns.filter(({ mean }) => mean > 0);
  if (counting.length === 0) return [];
  const shown = counting.slice(0, mostShown);
  const decimals = decimalsFor(shown.map(({ mean }) => mean));
  const others = columns.length - shown.length;
  return [
    paragraph([
      `How far each column moves the ${unit}`,
      ...(label === null ? [] : [' of ', text(label)]),
      ` of a row, up or down: mean over ${counted(rows, 'row')} that the model learnt from`,
      ...(classes > 1 ? [', added over the classes'] : []),
      '. ',
      code('model-factory predict --explain'),
      ' tells it for each prediction.',
    ]),
    table(
      ['Column', 'Mean contribution'],
      shown.map(({ column, mean }) => [[code(column)], formatFixed(mean, decimals)]),
      ['left', 'right'],
    ),
    ...(others > 0
      ? [paragraph([`${counted(others, 'further column')} ${others === 1 ? 'moves' : 'move'} it less.`])]
      : []),
  ];
}
