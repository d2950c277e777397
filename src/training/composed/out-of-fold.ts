import { strataOf } from '../../data/folds.ts';
import { foldsWithin } from '../../data/row-structure.ts';
import type { Table } from '../../data/table.ts';
import type { EncodedPipeline, Pipeline } from '../../model/pipeline.ts';
import type { ComposedMember, Composition, MemberFit } from '../trainer.ts';

/** What members say of rows that they have not learnt from. */
export interface InnerOutOfFold {
  /** Rows that were tested, fold by fold. */
  readonly rows: Int32Array;
  /** Class index or number to predict of these rows. */
  readonly y: Float64Array;
  /** What each of these rows counts for; undefined = all the same. */
  readonly weights: Float64Array | undefined;
  /** For each member the scores of these rows, rows × scores per row. */
  readonly scores: readonly Float64Array[];
  readonly warnings: readonly string[];
}

type Score = (pipeline: EncodedPipeline) => (table: Table, rows: Int32Array) => Float64Array;

/**
 * Fits each member on the folds within the training rows, which respect groups, copies and time as those of
 * cross-validation do, and scores what each fold leaves out.
 * @param score what is asked of a fitted member
 */
export function innerOutOfFold(
  { dataset, rows, members }: Composition,
  cv: number,
  score: Score,
  onFit: () => void,
): InnerOutOfFold {
  const { structure, table, y, weights, classes } = dataset;
  if (structure === undefined) throw new Error('a composed trainer needs the structure of the rows');
  const folds = foldsWithin(structure, rows, strataOf(y, rows, classes.length), cv);
  const tested = folds.flatMap(({ test }) => [...test]);
  const warnings: string[] = [];
  const scores = members.map((member) => {
    const parts = folds.map(({ train, test }) => {
      const fit = member.fit(train);
      warnings.push(...memberWarnings(member, fit));
      onFit();
      return score(fit.pipeline)(table, test);
    });
    return concatenated(parts);
  });
  return {
    rows: Int32Array.from(tested),
    y: Float64Array.from(tested, (row) => y[row]!),
    weights: weights && Float64Array.from(tested, (row) => weights[row]!),
    scores,
    warnings,
  };
}

/** Fits each member on all training rows. */
export function fitMembers(
  { rows, members }: Composition,
  onFit: () => void,
): { fits: MemberFit[]; derived: Pipeline['derived']; warnings: string[] } {
  const fits = members.map((member) => {
    const fit = member.fit(rows);
    onFit();
    return fit;
  });
  const [derived, ...others] = fits.flatMap(({ pipeline }) => (pipeline.derived ? [pipeline.derived] : []));
  if (others.some((other) => JSON.stringify(other) !== JSON.stringify(derived)))
    throw new Error('features that were fitted on the same rows differ');
  return { fits, derived, warnings: fits.flatMap((fit, m) => memberWarnings(members[m]!, fit)) };
}

function memberWarnings({ name }: ComposedMember, { warnings }: MemberFit): string[] {
  return warnings.map((warning) => `${name}: ${warning}`);
}

function concatenated(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Tells how many of a number of fits are done. */
export function countFits(total: number, onProgress: ((fraction: number) => void) | undefined): () => void {
  let done = 0;
  return () => onProgress?.(++done / total);
}
