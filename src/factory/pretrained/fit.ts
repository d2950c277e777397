import type { Pretrained } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { formatOf } from '../../model/scorer.ts';
import type { Fit } from '../all-fits.ts';
import { askForeign } from '../foreign-scorer.ts';
import { openModel } from '../open-model.ts';
import type { Prepared } from '../prepared.ts';
import { contradiction } from './class-order.ts';
import { modelOf } from './given.ts';
import { inputsUsed } from './signature.ts';

/**
 * The "fits" of a model that was trained elsewhere, as those of any candidate: on each fold it scores the rows that are
 * tested there, and what is released, last, is the file.
 */
export function pretrainedFits(prepared: Prepared, pretrained: Pretrained): Fit[] {
  const { folds, dataset } = prepared;
  try {
    const model = modelOf(prepared.given, pretrained);
    const rows = Int32Array.from(new Set(folds.flatMap(({ test }) => [...test]))).sort();
    const started = performance.now();
    const values = scoresOf(prepared, pretrained, model, rows);
    const scoreMs = performance.now() - started;
    const position = new Map(Array.from(rows, (row, i) => [row, i]));
    const width = Math.max(dataset.classes.length, 1);
    const common = { kind: 'fitted' as const, iterations: null, warnings: [], lines: [] };
    const fits = folds.map(({ test }): Fit => {
      const predictions = new Float64Array(test.length * width);
      test.forEach((row, i) => {
        const at = position.get(row)! * width;
        predictions.set(values.subarray(at, at + width), i * width);
      });
      return { ...common, predictions, model: null, predictMsPer1k: null, fitMs: 0 };
    });
    const predictMsPer1k = (scoreMs * 1000) / rows.length;
    return [...fits, { ...common, predictions: new Float64Array(0), model, predictMsPer1k, fitMs: 0 }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, fix } = error;
    return [{ kind: 'failed', code, message: `${message}. ${fix}`, output: [], lines: [] }];
  }
}

function scoresOf(
  { dataset, folder }: Prepared,
  pretrained: Pretrained,
  model: Uint8Array,
  rows: Int32Array,
): Float64Array {
  const { task, classes, table } = dataset;
  const name = pretrained.model;
  const about = {
    task,
    classes,
    inputs: inputsUsed(model, pretrained, dataset),
    folder,
    program: null,
    pretrained,
  };
  if (formatOf(model) === 'onnx') return openModel(model, name, about).score(table, rows);
  const { values, labels } = askForeign(model, name, about, table, rows);
  if (labels !== null && task !== 'regression' && pretrained.classes === null)
    requireLabels(name, classes, values, labels);
  return values;
}

/** What the model calls its rows must be the data's classes, and agree with the order of its probabilities. */
function requireLabels(
  file: string,
  classes: readonly string[],
  values: Float64Array,
  labels: readonly string[],
): void {
  const say = 'Say in the order of its probabilities what they stand for: classes: ';
  const shown = `[${classes.map((own) => JSON.stringify(own)).join(', ')}].`;
  const strange = [...new Set(labels)].filter((label) => !classes.includes(label)).sort();
  if (strange.length > 0)
    throw new UserError({
      code: 'MODEL_SIGNATURE',
      message: `it calls rows ${strange.slice(0, 5).join(', ')}; the data's classes are ${classes.join(', ')}`,
      at: { file },
      fix: `${say}${shown}`,
    });
  const against = contradiction(classes, values, labels);
  if (against)
    throw new UserError({
      code: 'MODEL_SIGNATURE',
      message: `it calls rows ${against.said} whose largest probability, in the usual order, is that of ${against.largest}`,
      at: { file },
      fix: `${say}${shown}`,
    });
}
