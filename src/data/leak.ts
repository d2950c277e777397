import type { Notice } from '../contracts/plan.ts';
import type { Target } from './target.ts';
import type { Column } from './table.ts';

/** From these values on a single feature predicts the target too well to be true. */
const suspiciousAuc = 0.99;
const suspiciousCorrelation = 0.999;
/** What is known of the target in some rows. */
type Answers = Pick<Target, 'task' | 'classes' | 'classRows' | 'rows' | 'y'>;

/** Share of the mistakes of "always the largest class" that voting by the feature's value avoids. */
const suspiciousSkill = 0.98;
const fewestRows = 20;
/** More rows would only tell the same once more. */
const mostRows = 50_000;

/**
 * A notice when this feature alone predicts the target almost perfectly: ROC AUC above 0.99 or correlation above 0.999
 * of a number, or votes by category, or by whether the value is missing, that are nearly always right. Of a large table
 * `rowsToLookAt` are enough. `remedy`: what to do if it is one.
 */
export function leakNotice(
  column: Column,
  target: Answers,
  remedy = `add ${column.name} to data.drop`,
): Notice[] {
  const evidence = evidenceOf(column, target);
  if (evidence === undefined) return [];
  return [
    {
      code: 'LEAK',
      column: column.name,
      message: `This column alone predicts the target almost perfectly (${evidence}): is it known before the target is?`,
      fix: `If not, ${remedy}.`,
    },
  ];
}

/** The rows that are looked at; at most 50,000, spread evenly. */
export function rowsToLookAt(target: Target): Answers {
  const { task, classes, rows, y } = target;
  if (rows.length <= mostRows) return target;
  const step = rows.length / mostRows;
  const picked = Int32Array.from({ length: mostRows }, (_, i) => Math.floor(i * step));
  const answers = Float64Array.from(picked, (at) => y[at]!);
  const classRows = classes.map((_, label) => answers.filter((value) => value === label).length);
  return { task, classes, classRows, rows: picked.map((at) => rows[at]!), y: answers };
}

function evidenceOf(column: Column, target: Answers): string | undefined {
  if (target.rows.length < fewestRows) return undefined;
  if (target.task === 'regression') return regressionEvidence(column, target);
  const groups = groupsOf(column, target.rows);
  const skill = voteSkill(groups, target);
  if (skill > suspiciousSkill) {
    const what =
      column.kind === 'numeric' || column.kind === 'date' ? 'by whether it is missing' : 'by its value';
    return `a vote ${what} avoids ${percent(skill)} of the mistakes`;
  }
  if (target.task !== 'binary' || column.kind === 'categorical') return undefined;
  const auc = featureAuc(column.values, target);
  return auc > suspiciousAuc ? `ROC AUC ${auc.toFixed(4)}` : undefined;
}

/** Value groups to vote by: levels, true and false, or present; missing is a group of its own. */
function groupsOf(column: Column, rows: Int32Array): Int32Array {
  if (column.kind === 'categorical') return Int32Array.from(rows, (row) => column.codes[row]! + 1);
  if (column.kind === 'boolean')
    return Int32Array.from(rows, (row) => (Number.isNaN(column.values[row]!) ? 0 : column.values[row]! + 1));
  return Int32Array.from(rows, (row) => (Number.isNaN(column.values[row]!) ? 0 : 1));
}

/** Each row is given the majority class of the other rows of its group; 1 = no mistake, 0 = as good as no feature. */
function voteSkill(groups: Int32Array, { y, classes, classRows }: Answers): number {
  const width = classes.length;
  const groupCount = groups.reduce((most, group) => (group > most ? group : most), 0) + 1;
  if (groupCount * width > 10_000_000) return 0;
  const counts = new Int32Array(groupCount * width);
  groups.forEach((group, i) => counts[group * width + y[i]!]!++);
  let mistakes = 0;
  groups.forEach((group, i) => {
    const own = counts[group * width + y[i]!]! - 1;
    for (let other = 0; other < width; other++)
      if (other !== y[i] && counts[group * width + other]! >= own) {
        mistakes++;
        return;
      }
  });
  const rows = y.length;
  return 1 - mistakes / (rows - Math.max(...classRows));
}

/** The larger of AUC and 1 - AUC over the rows where the feature has a value (Mann-Whitney, ties count half). */
function featureAuc(values: Float64Array, { rows, y }: Answers): number {
  const side = (label: number) =>
    Float64Array.from(
      rows.filter((row, i) => y[i] === label && !Number.isNaN(values[row]!)),
      (row) => values[row]!,
    ).sort();
  const negatives = side(0);
  const positives = side(1);
  if (Math.min(negatives.length, positives.length) < fewestRows / 2) return 0.5;
  let below = 0;
  let notAbove = 0;
  let wins = 0;
  for (const value of positives) {
    while (below < negatives.length && negatives[below]! < value) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= value) notAbove++;
    wins += (below + notAbove) / 2;
  }
  const auc = wins / (negatives.length * positives.length);
  return Math.max(auc, 1 - auc);
}

function regressionEvidence(column: Column, { rows, y }: Answers): string | undefined {
  if (column.kind === 'categorical') return undefined;
  const { values } = column;
  const present = Array.from(rows.keys()).filter((i) => !Number.isNaN(values[rows[i]!]!));
  if (present.length < fewestRows) return undefined;
  const meanX = present.reduce((sum, i) => sum + values[rows[i]!]!, 0) / present.length;
  const meanY = present.reduce((sum, i) => sum + y[i]!, 0) / present.length;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (const i of present) {
    const dx = values[rows[i]!]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  const correlation = xy / Math.sqrt(xx * yy);
  return Math.abs(correlation) > suspiciousCorrelation ? `correlation ${correlation.toFixed(4)}` : undefined;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}
