import type { RowStructure } from '../data/row-structure.ts';
import type { Column, Table } from '../data/table.ts';
import { runQueue, type JobSource } from '../platform/job-queue.ts';
import { runOnWorkers } from '../platform/worker-pool.ts';
import {
  runFoldFit,
  type FitSetup,
  type FoldFit,
  type FoldFitOutcome,
} from '../training/cross-validation.ts';
import type { Dataset } from '../training/dataset.ts';

/** How fits are run: `threads` 1 stays in this thread. The outcomes are the same for any number. */
export interface Workers {
  readonly threads: number;
  /** File that calls `serveFits`. */
  readonly entry: string;
}

/** Runs fits as they may begin, until none is left. `most`: how many there can be. */
export async function runFits(
  setup: FitSetup,
  source: JobSource<FoldFit, FoldFitOutcome>,
  most: number,
  workers: Workers,
): Promise<void> {
  const threads = Math.min(workers.threads, most);
  if (threads > 1) return runOnWorkers(workers.entry, shared(setup), source, threads);
  return runQueue(source, [0], async (_, job) => {
    await new Promise(setImmediate); // lets progress be drawn and signals be handled
    return runFoldFit(setup, job, () => performance.now());
  });
}

/** The same setup with its arrays in shared memory, so that threads read one copy: those that are there stay. */
function shared(setup: FitSetup): FitSetup {
  return {
    dataset: shareDataset(setup.dataset),
    folds: setup.folds.map(({ repeat, train, test }) => ({
      repeat,
      train: shareInt32(train),
      test: shareInt32(test),
    })),
    development: shareInt32(setup.development),
    predecessor: setup.predecessor,
  };
}

function shareDataset(dataset: Dataset): Dataset {
  const table: Table = { rows: dataset.table.rows, columns: dataset.table.columns.map(shareColumn) };
  const { y, weights, structure } = dataset;
  return {
    ...dataset,
    table,
    y: shareFloat64(y),
    weights: weights && shareFloat64(weights),
    ...(structure && { structure: shareStructure(structure) }),
  };
}

function shareStructure(structure: RowStructure): RowStructure {
  switch (structure.kind) {
    case 'units': {
      const units = new Uint8Array(new SharedArrayBuffer(structure.units.byteLength));
      units.set(structure.units);
      return { kind: 'units', units };
    }
    case 'time':
      return { ...structure, times: shareFloat64(structure.times) };
    case 'given':
      return { kind: 'given', foldOf: shareInt32(structure.foldOf) };
  }
}

function shareColumn(column: Column): Column {
  if (column.kind === 'categorical') return { ...column, codes: shareInt32(column.codes) };
  return { ...column, values: shareFloat64(column.values) };
}

function shareInt32(values: Int32Array): Int32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Int32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

function shareFloat64(values: Float64Array): Float64Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
