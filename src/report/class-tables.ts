import type { ConfusionCounts } from '../contracts/result.ts';
import { fBeta, precision, recall } from '../gate/metrics/classification.ts';
import { hitsOf, matrixOfCounts, type ConfusionMatrix } from '../gate/metrics/confusion.ts';
import { code, paragraph, table, type Alignment, type Block, type Content } from './document.ts';
import { formatCount, formatFixed, formatSigned, missing } from './numbers.ts';

/** Classes up to which the whole confusion matrix is shown; of more the most frequent confusions. */
const widestMatrix = 12;
const mostConfusions = 10;
const decimals = 3;

/** Out-of-fold counts of a model, and of the baseline on the same rows where it has one. */
export interface ClassCounts {
  readonly classes: readonly string[];
  readonly counts: ConfusionCounts;
  readonly baseline: ConfusionCounts | null;
}

/**
 * Per class how much was found (recall) and how much of what was called so is (precision), then what was taken for what.
 * Nothing where the counts aren't about these classes.
 */
export function classTables({ classes, counts, baseline }: ClassCounts): Block[] {
  const matrix = matrixOfCounts(counts, classes.length);
  if (!matrix || matrix.total === 0) return [];
  const theirs = baseline && matrixOfCounts(baseline, classes.length);
  return [perClass(classes, matrix, theirs), ...confusions(classes, matrix)];
}

function perClass(
  classes: readonly string[],
  matrix: ConfusionMatrix,
  baseline: ConfusionMatrix | null,
): Block {
  const headers = [
    ...['Class', 'rows', 'recall', 'precision', 'F1'],
    ...(baseline ? ['baseline’s recall', 'difference'] : []),
  ];
  const rows = classes.map((name, k): Content[] => {
    const isThere = matrix.truth[k]! > 0;
    const isSaid = matrix.predicted[k]! > 0;
    const own = isThere ? recall(matrix, k) : null;
    const theirs = baseline && baseline.truth[k]! > 0 ? recall(baseline, k) : null;
    const difference = own === null || theirs === null ? null : own - theirs;
    return [
      [code(name)],
      formatCount(matrix.truth[k]!),
      formatFixed(own, decimals),
      isSaid ? formatFixed(precision(matrix, k), decimals) : missing,
      isThere || isSaid ? formatFixed(fBeta(matrix, k, 1), decimals) : missing,
      ...(baseline ? [formatFixed(theirs, decimals), formatSigned(difference, decimals)] : []),
    ];
  });
  return table(headers, rows, numbersAfter(headers));
}

function confusions(classes: readonly string[], matrix: ConfusionMatrix): Block[] {
  return classes.length <= widestMatrix ? wholeMatrix(classes, matrix) : mostFrequent(classes, matrix);
}

function wholeMatrix(classes: readonly string[], { counts }: ConfusionMatrix): Block[] {
  const width = classes.length;
  const headers: Content[] = ['True class', ...classes.map((name): Content => ['→ ', code(name)])];
  const rows = classes.map((name, k): Content[] => [
    [code(name)],
    ...Array.from(counts.subarray(k * width, (k + 1) * width), formatCount),
  ]);
  return [
    paragraph('Rows of each class (across) by what they were taken for (→):'),
    table(headers, rows, numbersAfter(headers)),
  ];
}

function mostFrequent(classes: readonly string[], matrix: ConfusionMatrix): Block[] {
  const width = classes.length;
  const wrong = Array.from(matrix.counts, (count, i) => ({
    truth: Math.floor(i / width),
    said: i % width,
    count,
  }))
    .filter(({ truth, said, count }) => truth !== said && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostConfusions);
  if (wrong.length === 0) return [paragraph('No row was taken for another class.')];
  const headers = ['True class', 'taken for', 'rows', 'of its class'];
  const rows = wrong.map(({ truth, said, count }): Content[] => [
    [code(classes[truth]!)],
    [code(classes[said]!)],
    formatCount(count),
    `${formatFixed((100 * count) / matrix.truth[truth]!, 1)} %`,
  ]);
  return [
    paragraph('The most frequent confusions:'),
    table(headers, rows, ['left', 'left', 'right', 'right']),
  ];
}

/** The tables of a model card, with where they come from; nothing where no counts were kept. */
export function classResults({
  classes,
  confusion,
}: {
  readonly classes: readonly string[];
  readonly confusion: ConfusionCounts | null;
}): Block[] {
  const tables = confusion === null ? [] : classTables({ classes, counts: confusion, baseline: null });
  const about = 'Class by class, each row of the validation folds by the model that did not learn from it:';
  return tables.length === 0 ? [] : [paragraph(about), ...tables];
}

/** Rows that were predicted right, and all. */
export function rightOf(counts: ConfusionCounts): { readonly right: number; readonly rows: number } {
  const matrix = matrixOfCounts(counts, counts.length);
  if (!matrix) return { right: 0, rows: 0 };
  const right = counts.reduce((sum, _, k) => sum + hitsOf(matrix, k), 0);
  return { right, rows: matrix.total };
}

function numbersAfter(headers: readonly Content[]): Alignment[] {
  return headers.map((_, i) => (i === 0 ? 'left' : 'right'));
}
