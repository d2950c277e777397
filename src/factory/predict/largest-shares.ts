import { outputsOf } from '../../model/score.ts';
import { counted, decimalsFor, formatFixed, formatSigned } from '../../report/numbers.ts';
import { shareOf, shownScore, type Answers } from './answers.ts';
import type { ExplainedRows } from './explanation.ts';
import type { Copy } from './input-table.ts';

/**
 * Text for people: each row's prediction and the columns that add most to it or take most away, with their cells.
 * @param cells of the model's inputs, as they are written
 */
export function answersText(
  answers: Answers & { readonly shares: ExplainedRows },
  cells: readonly Copy[],
  most: number,
): string {
  const { shares, rows } = answers;
  const score = shownScore(answers, shares);
  const textOf = new Map(cells.map(({ name, text }) => [name, text]));
  const block = (row: number): string => {
    const k = score(row);
    const all = shares.players.map((name, player) => {
      const cell = textOf.get(name)?.(row);
      return {
        name: cell === undefined ? name : `${name} = ${cell || '(empty)'}`,
        value: shareOf(shares, row, k, player),
      };
    });
    const sorted = all.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
    const others = sorted.slice(most);
    const rest = others.reduce((sum, { value }) => sum + value, 0);
    const base = shares.base[k]!;
    const lines = [
      { name: 'base', value: base, sign: false },
      ...sorted.slice(0, most).map((share) => ({ ...share, sign: true })),
      ...(others.length > 0 ? [{ name: counted(others.length, 'other'), value: rest, sign: true }] : []),
      { name: 'sum', value: all.reduce((sum, { value }) => sum + value, base), sign: false },
    ];
    return [`${titleOf(answers, row)}\n`, ...aligned(lines)].join('');
  };
  return [heading(answers, shares), ...Array.from({ length: rows }, (_, row) => block(row))].join('\n');
}

/** What the numbers are. */
function heading({ scorer }: Answers, { unit, scores }: ExplainedRows): string {
  const whose =
    scorer.task === 'regression'
      ? ''
      : scores === 1
        ? ` of ${scorer.classes[1]!}`
        : ' of the predicted class';
  return `What each column adds to the ${unit}${whose}; base = where nothing is known of the row.\n`;
}

function aligned(lines: readonly { name: string; value: number; sign: boolean }[]): string[] {
  const decimals = decimalsFor(lines.map(({ value }) => value));
  const width = Math.max(...lines.map(({ name }) => name.length));
  const numbers = lines.map(({ value, sign }) => (sign ? formatSigned : formatFixed)(value, decimals));
  const digits = Math.max(...numbers.map((number) => number.length));
  return lines.map(({ name }, i) => `  ${name.padEnd(width)}  ${numbers[i]!.padStart(digits)}\n`);
}

/** `row 3, customer_id = 17: yes (p = 0.83)`. */
function titleOf({ scorer, values, copies }: Answers, row: number): string {
  const key = copies.map(({ name, text }) => `, ${name} = ${text(row)}`).join('');
  const width = outputsOf(scorer);
  const own = values.subarray(row * width, (row + 1) * width);
  const largest = own.indexOf(Math.max(...own));
  const answer =
    scorer.task === 'regression'
      ? formatFixed(own[0]!, decimalsFor([own[0]!]))
      : `${scorer.classes[largest]!} (p = ${formatFixed(own[largest]!, 3)})`;
  return `row ${row + 1}${key}: ${answer}`;
}
