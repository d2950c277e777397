import { code, details, paragraph, table, text, type Block, type Content } from './document.ts';
import { counted, decimalsFor, formatFixed, missing } from './numbers.ts';

/** Coefficients of a linear model, as many as it has. */
export interface CardCoefficients {
  readonly trainer: string;
  /** False where the trainer has no standard errors, or they would have taken too long. */
  readonly hasErrors: boolean;
  readonly rows: readonly CardCoefficient[];
}

export interface CardCoefficient {
  /** Encoded feature; null = the intercept. */
  readonly feature: string | null;
  /** Class whose score it belongs to; null where there is one score. */
  readonly label: string | null;
  readonly value: number;
  readonly error: number | null;
}

const mostShown = 30;
/** Half the width of a 95% interval in standard errors. */
const normal95 = 1.959964;

/** A folded table of the coefficients that stand out most. */
export function coefficientTable(coefficients: CardCoefficients | null): Block[] {
  if (coefficients === null) return [];
  const { rows, hasErrors } = coefficients;
  const shown = rows.toSorted((a, b) => weightOf(b, hasErrors) - weightOf(a, hasErrors)).slice(0, mostShown);
  const byClass = rows.some(({ label }) => label !== null);
  const decimals = decimalsFor(shown.map(({ value }) => value));
  const number = (value: number | null): string => formatFixed(value, decimals);
  const cells = ({ feature, label, value, error }: CardCoefficient): Content[] => [
    feature === null ? 'intercept' : [code(feature)],
    ...(byClass ? [[text(label ?? missing)]] : []),
    number(value),
    ...(hasErrors
      ? [
          number(error),
          error === null ? missing : formatFixed(value / error, 1),
          error === null
            ? missing
            : `${number(value - normal95 * error)} to ${number(value + normal95 * error)}`,
        ]
      : []),
  ];
  const all = counted(rows.length, 'coefficient');
  return [
    details(rows.length > shown.length ? `The ${mostShown} largest of ${all}` : `All ${all}`, [
      paragraph([explanation(coefficients)]),
      table(
        [
          'Feature',
          ...(byClass ? ['Class'] : []),
          'Coefficient',
          ...(hasErrors ? ['Standard error', 'z', '95 % interval'] : []),
        ],
        shown.map(cells),
        ['left', ...(byClass ? (['left'] as const) : []), 'right', 'right', 'right', 'right'],
      ),
    ]),
  ];
}

/** What the table is sorted by: how many standard errors from 0, or the size where there are none. */
function weightOf({ value, error }: CardCoefficient, hasErrors: boolean): number {
  if (!hasErrors) return Math.abs(value);
  return error === null ? -1 : Math.abs(value) / error;
}

const scale =
  'For columns that are standardised (a change by one standard deviation) or one-hot. The levels of a category share a ' +
  'part with the intercept, which widens their intervals: compare them with each other.';
const meanings: Readonly<Record<string, string>> = {
  'linear-regression':
    'Standard errors are those of the penalised estimator: they say how far it varies, not how far the penalty pulls it towards 0.',
  'logistic-regression':
    'Coefficients add to the log odds; standard errors come from the inverse of the penalised Hessian.',
  'elastic-net': 'A penalty that sets coefficients to 0 leaves them without standard errors.',
};

function explanation({ trainer, hasErrors }: CardCoefficients): string {
  const meaning = meanings[trainer] ?? '';
  if (hasErrors || trainer === 'elastic-net') return `${scale} ${meaning}`;
  return `${scale} The model is too large for standard errors.`;
}
