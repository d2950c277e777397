import { faultsOf } from '../../../../src/config/faults.ts';
import type { Parameters } from '../../../../src/contracts/fields.ts';
import type { Task } from '../../../../src/contracts/task.ts';
import { UserError } from '../../../../src/errors/user-error.ts';
import { readOnnx } from '../../../../src/model/onnx/read.ts';
import { writeOnnx } from '../../../../src/model/onnx/write.ts';
import type { Pipeline } from '../../../../src/model/pipeline.ts';
import { fitSteps } from '../../../../src/model/preprocessing.ts';
import { predict } from '../../../../src/model/score.ts';
import type { Dataset } from '../../../../src/training/dataset.ts';
import { trainingSetOf } from '../../../../src/training/fit.ts';
import type { Trainer, TrainingSet } from '../../../../src/training/trainer.ts';
import { firstRows } from '../../model/random-pipelines.ts';
import { dataFor, otherRows } from '../../model/trained-pipelines.ts';

/** One trainer on one task: everything that the factory relies on, whether or not the trainer is registered. */
export class TrainerContract {
  readonly dataset: Dataset;
  readonly data: TrainingSet;
  private readonly steps: Pipeline['steps'];
  private readonly trainer: Trainer;
  private readonly params: Parameters;

  constructor(trainer: Trainer, task: Task, params: Parameters) {
    this.trainer = trainer;
    this.params = params;
    this.dataset = dataFor(task);
    const rows = firstRows(this.dataset.table.rows);
    this.steps = fitSteps(this.dataset.table, rows, this.dataset.inputs, trainer.encoding);
    this.data = trainingSetOf(this.dataset, rows, { inputs: this.dataset.inputs, steps: this.steps });
  }

  /** The model of these rows. */
  train(data = this.data, seed = 5, onProgress?: (fraction: number) => void): Pipeline {
    const options = {
      params: this.trainer.params.parse(this.params),
      seed,
      ...(onProgress && { onProgress }),
    };
    const { predictor } = this.trainer.fit(data, options);
    const { task, classes, inputs } = this.dataset;
    return { task, classes, inputs, steps: this.steps, predictor };
  }

  /** Predictions for rows with missing values and unseen levels, and what they are after writing and reading. */
  scoreUnknown(pipeline: Pipeline): { direct: Float64Array; bytes: Uint8Array; again: Float64Array } {
    const rows = firstRows(otherRows.rows);
    const bytes = writeOnnx(pipeline);
    return {
      direct: predict(pipeline, otherRows, rows),
      bytes,
      again: predict(readOnnx(bytes), otherRows, rows),
    };
  }

  /** Mean over the training rows: of the last class's probability, or of the predicted number. */
  meanPrediction(pipeline: Pipeline): number {
    const { table } = this.dataset;
    const values = predict(pipeline, table, firstRows(table.rows));
    const width = Math.max(pipeline.classes.length, 1);
    let sum = 0;
    for (let at = width - 1; at < values.length; at += width) sum += values[at]!;
    return sum / table.rows;
  }

  /** Mean loss on the training rows: log loss, or squared error. */
  loss(pipeline: Pipeline): number {
    const { table, y, task } = this.dataset;
    const values = predict(pipeline, table, firstRows(table.rows));
    const width = Math.max(pipeline.classes.length, 1);
    const losses = y.map((target, row) => {
      if (task !== 'regression') return -Math.log(Math.max(values[row * width + target]!, 1e-9));
      return (values[row]! - target) * (values[row]! - target);
    });
    return losses.reduce((sum, loss) => sum + loss, 0) / table.rows;
  }

  /** Each row with the lowest and with the highest target, and weights by which the highest count thirty times. */
  contradictory(): { even: TrainingSet; weighted: TrainingSet } {
    const { rows, x, y, classes } = this.data;
    const ends = classes > 0 ? [0, classes - 1] : [Math.min(...y), Math.max(...y)];
    const even = {
      ...this.data,
      rows: 2 * rows,
      x: Float32Array.of(...x, ...x),
      y: Float64Array.from({ length: 2 * rows }, (_, row) => ends[row < rows ? 0 : 1]!),
    };
    return { even, weighted: { ...even, weights: even.y.map((target) => (target === ends[1] ? 30 : 1)) } };
  }
}

/** Names of the parameters that a trainer has. */
export function parametersOf(trainer: Trainer): Record<string, { description?: string }> {
  return (trainer.params as unknown as { shape: Record<string, { description?: string }> }).shape;
}

/** What the parameters' faults name: the parameter, or a part of it behind a dot. */
export function namedIn(trainer: Trainer, params: Parameters): string[] {
  const { error } = trainer.params.safeParse(params, { reportInput: true });
  if (!error) return [];
  const faults = faultsOf(error, trainer.params, (path) => ({ name: path.map(String).join('.') }));
  return faults.map(({ at }) => at?.name ?? '');
}

/** Code and text of what a call refuses. */
export function refusalOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message} (${error.at.name ?? ''})`;
    throw error;
  }
  return 'no error';
}
