import type { Task } from '../../../src/contracts/task.ts';
import type { Table } from '../../../src/data/table.ts';
import type { ModelInput, Pipeline } from '../../../src/model/pipeline.ts';
import { Random } from '../../../src/numeric/random.ts';
import type { Dataset } from '../../../src/training/dataset.ts';
import { runFit } from '../../../src/training/fit.ts';
import { trainers } from '../../../src/training/trainers.ts';
import { neededParams } from '../training/fixture.ts';
import { firstRows, randomTable } from './random-pipelines.ts';

const inputs: readonly ModelInput[] = [
  { name: 'age', type: 'number' },
  { name: 'größe', type: 'number' },
  { name: 'member', type: 'boolean' },
  { name: 'contacted', type: 'date' },
  { name: 'label', type: 'category' },
  { name: '列', type: 'category' },
];
const classes: Record<Task, readonly string[]> = {
  binary: ['no', 'yes'],
  multiclass: ['a', 'ü', '日本'],
  regression: [],
};

export interface TrainedCase {
  readonly trainer: string;
  readonly task: Task;
}

/** Every trainer with every task that it knows. */
export const trainedCases: readonly TrainedCase[] = [...trainers.values()].flatMap((trainer) =>
  trainer.tasks.map((task) => ({ trainer: trainer.name, task })),
);

/** A model trained on `dataFor` its task, and `otherRows`. */
export function trainCase({ trainer, task }: TrainedCase): { pipeline: Pipeline; table: Table } {
  const dataset = dataFor(task);
  const rows = { train: firstRows(dataset.table.rows), test: new Int32Array() };
  const job = { trainer, params: neededParams(trainer), seed: 5, ...rows };
  return { pipeline: runFit(dataset, job).pipeline, table: otherRows };
}

/** Rows of all kinds of columns with missing values, and a target that they tell something about. */
export function dataFor(task: Task): Dataset {
  const table = dropUnseen(randomTable(11, inputs, 600));
  return { task, classes: classes[task], table, inputs, y: targets(table, task) };
}

/** Rows with missing values and with levels that those of `dataFor` don't have. */
export const otherRows: Table = randomTable(12, inputs, 500);

/** Makes the last two levels missing. */
function dropUnseen(table: Table): Table {
  const columns = table.columns.map((column) => {
    if (column.kind !== 'categorical') return column;
    const levels = column.levels.slice(0, -2);
    return { ...column, levels, codes: column.codes.map((code) => (code < levels.length ? code : -1)) };
  });
  return { ...table, columns };
}

/** A signal in the numbers and the categories, with noise. */
function targets(table: Table, task: Task): Float64Array {
  const random = new Random(13);
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const signal = table.columns.reduce((sum, column) => {
      if (column.kind === 'categorical') return sum + (((column.codes[row]! * 5) % 7) - 3) / 3;
      const value = column.values[row]!;
      return sum + (Number.isNaN(value) ? 0.7 : value);
    }, random.normal());
    if (task === 'regression') return 1000 + 100 * signal;
    if (task === 'binary') return signal > 0 ? 1 : 0;
    return signal < -1 ? 0 : signal < 1.5 ? 1 : 2;
  });
}
