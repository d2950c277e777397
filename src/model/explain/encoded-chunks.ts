import type { Table } from '../../data/table.ts';
import type { EncodedPipeline } from '../pipeline.ts';
import { encodeRows } from '../score.ts';

/** Rows that are encoded together: bounds the memory of an explanation. */
const chunkRows = 4096;

/** Encoded rows `first` … `first + rows - 1` of those asked for. */
export interface EncodedChunk {
  readonly x: Float32Array;
  readonly first: number;
  readonly rows: number;
}

/** Rows of a table as the predictor sees them, some at a time. */
export function* encodedChunks(
  pipeline: EncodedPipeline,
  table: Table,
  rows: Int32Array,
): Generator<EncodedChunk> {
  for (let first = 0; first < rows.length; first += chunkRows) {
    const chunk = rows.subarray(first, first + chunkRows);
    yield { x: encodeRows(pipeline, table, chunk), first, rows: chunk.length };
  }
}
