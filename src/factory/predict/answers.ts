import { quotedField } from '../../data/csv/quoted-field.ts';
import { UserError } from '../../errors/user-error.ts';
import { labels, outputsOf } from '../../model/score.ts';
import type { Scorer } from '../../model/scorer.ts';
import { predictionColumn } from '../command/program-predictions.ts';
import type { ExplainedRows } from './explanation.ts';
import type { Copy } from './input-table.ts';

/** What a model says of the rows of a file. */
export interface Answers {
  readonly scorer: Scorer;
  readonly rows: number;
  /** rows × outputs of the scorer. */
  readonly values: Float64Array;
  /** Cells of the data to stand beside the answers. */
  readonly copies: readonly Copy[];
  readonly shares: ExplainedRows | null;
}

/** A column of the output: its name and the text of a row's field. */
interface OutputColumn {
  readonly name: string;
  readonly field: (row: number) => string;
}

/** A header and a line for each row. @throws UserError ARGUMENT_INVALID where two columns would have one name */
export function answersCsv(answers: Answers): string {
  const columns = [
    ...answers.copies.map(({ name, text }): OutputColumn => {
      return { name, field: (row) => quotedField(text(row)) };
    }),
    ...predictionColumns(answers),
    ...(answers.shares ? shareColumns(answers, answers.shares) : []),
  ];
  requireDistinct(columns);
  const lines = [columns.map(({ name }) => quotedField(name)).join(',')];
  for (let row = 0; row < answers.rows; row++) lines.push(columns.map(({ field }) => field(row)).join(','));
  return `${lines.join('\n')}\n`;
}

function predictionColumns({ scorer, values }: Answers): OutputColumn[] {
  const width = outputsOf(scorer);
  if (scorer.task === 'regression') return [{ name: predictionColumn, field: (row) => String(values[row]!) }];
  const best = labels(scorer, values);
  return [
    { name: predictionColumn, field: (row) => quotedField(best[row]!) },
    ...scorer.classes.map((name, k): OutputColumn => {
      return { name: `p(${name})`, field: (row) => String(values[row * width + k]!) };
    }),
  ];
}

/** `base` and `contribution:<column>`; of several classes those of the predicted one. */
function shareColumns(answers: Answers, shares: ExplainedRows): OutputColumn[] {
  const score = shownScore(answers, shares);
  return [
    { name: 'base', field: (row) => String(shares.base[score(row)]!) },
    ...shares.players.map((name, player): OutputColumn => {
      return {
        name: `contribution:${name}`,
        field: (row) => String(shareOf(shares, row, score(row), player)),
      };
    }),
  ];
}

/** What a column adds to a score of a row. */
export function shareOf(
  { contributions, scores, players }: ExplainedRows,
  row: number,
  k: number,
  player: number,
): number {
  return contributions[(row * scores + k) * players.length + player]!;
}

/** The score that a row's explanation is of, where only one is shown: the predicted class's. */
export function shownScore({ scorer, values }: Answers, { scores }: ExplainedRows): (row: number) => number {
  if (scores === 1) return () => 0;
  const best = labels(scorer, values);
  return (row) => scorer.classes.indexOf(best[row]!);
}

/** One object a line; of several classes the contributions to each. */
export function answersJson({ scorer, rows, values, copies, shares }: Answers): string {
  const { classes, task } = scorer;
  const best = task === 'regression' ? [] : labels(scorer, values);
  const width = outputsOf(scorer);
  const byClass = <T>(of: (k: number) => T): Record<string, T> =>
    Object.fromEntries(classes.map((name, k) => [name, of(k)]));
  const line = (row: number): string => {
    const added = (k: number): Record<string, number> =>
      Object.fromEntries((shares?.players ?? []).map((name, p) => [name, shareOf(shares!, row, k, p)]));
    return JSON.stringify({
      row: row + 1,
      ...(copies.length > 0 && {
        with: Object.fromEntries(copies.map(({ name, text }) => [name, text(row)])),
      }),
      prediction: best[row] ?? values[row]!,
      ...(task !== 'regression' && { probabilities: byClass((k) => values[row * width + k]!) }),
      ...(shares && {
        base: shares.scores === 1 ? shares.base[0]! : byClass((k) => shares.base[k]!),
        contributions: shares.scores === 1 ? added(0) : byClass(added),
      }),
    });
  };
  return Array.from({ length: rows }, (_, row) => `${line(row)}\n`).join('');
}

function requireDistinct(columns: readonly OutputColumn[]): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice === undefined) return;
  throw new UserError({
    code: 'ARGUMENT_INVALID',
    message: `two columns of the output would be named "${twice}"`,
    fix: 'Leave it out of --with, or rename the column in the data.',
  });
}
