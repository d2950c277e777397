import type { Activation } from '../../model/pipeline.ts';
import type { EmbeddingShape, EmbeddingTable } from './embedding-tables.ts';
import { embeddedInputs } from './embedding-tables.ts';
import type { Lists, Matrix } from './layout.ts';
import { Arena, padded } from './layout.ts';

/** Rows that go through the net together; a larger batch adds up the gradients of several such chunks. */
export const chunkRows = 256;

export interface NetworkShape {
  /** Inputs of the first layer (numbers of vectors, then other features), hidden units of each layer, scores. */
  readonly sizes: readonly number[];
  /** Of the features that are codes, which come last. */
  readonly embeddings: readonly EmbeddingShape[];
  /** One that the kernels know. */
  readonly activation: Exclude<Activation, 'elu'>;
  readonly dropout: number;
  /** Rows of the largest batch. */
  readonly batchRows: number;
}

/** Sizes and addresses of one layer. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Matrix;
  readonly biases: Matrix;
  /** Entries of the layer's inputs that aren't 0, row by row. */
  readonly rows: Lists;
  /** What it gives, and the loss's derivative by that before the activation. */
  readonly out: Matrix;
  readonly errors: Matrix;
  /** With dropout: factors 0 or 1 / (1 - rate), and the outputs times these. */
  readonly mask: Matrix | null;
  readonly dropped: Matrix | null;
}

/** Where everything lies that a net needs for training. */
export interface NetworkMemory {
  readonly bytes: number;
  /** Weights and biases of all layers; the gradients and Adam's two moments lie alike. */
  readonly parameters: number;
  readonly parameterBytes: number;
  readonly gradients: number;
  readonly moments: readonly [first: number, second: number];
  readonly layers: readonly Layer[];
  readonly tables: readonly EmbeddingTable[];
  /** The loss's derivative by the numbers of vectors; null where there are none. */
  readonly inputErrors: Matrix | null;
  /** Room that each layer uses in turn: lists of columns, lists of errors, transposed weights. */
  readonly columns: Lists;
  readonly errorLists: Lists;
  readonly transposed: number;
  /** 32 zeros. */
  readonly zeros: number;
}

/** Lays out the memory; its size depends on the weights and on `chunkRows`, not on the data or the batch. */
export function placeNetwork({ sizes, embeddings, dropout, batchRows }: NetworkShape): NetworkMemory {
  const arena = new Arena();
  const capacity = Math.min(batchRows, chunkRows);
  const widest = Math.max(...sizes);
  const parameters = arena.bytes;
  const weights = sizes.slice(1).map((outputs, l) => ({
    weights: arena.matrix(padded(sizes[l]!), outputs),
    biases: arena.matrix(1, outputs),
  }));
  let firstInput = 0;
  const tables = embeddings.map((shape): EmbeddingTable => {
    const table = { ...shape, address: arena.take(shape.levels * shape.dimension * 4), firstInput };
    firstInput += shape.dimension;
    return table;
  });
  const parameterBytes = arena.bytes;
  const layers = weights.map((matrices, l): Layer => {
    const [inputs, outputs] = [sizes[l]!, sizes[l + 1]!];
    const drops = dropout > 0 && l + 1 < weights.length;
    return {
      inputs,
      outputs,
      ...matrices,
      rows: arena.lists(capacity, inputs),
      out: arena.matrix(capacity, outputs),
      errors: arena.matrix(capacity, outputs),
      mask: drops ? arena.matrix(capacity, outputs) : null,
      dropped: drops ? arena.matrix(capacity, outputs) : null,
    };
  });
  return {
    parameters,
    parameterBytes,
    gradients: arena.take(parameterBytes),
    moments: [arena.take(parameterBytes), arena.take(parameterBytes)],
    layers,
    tables,
    inputErrors: tables.length > 0 ? arena.matrix(capacity, embeddedInputs(tables)) : null,
    columns: arena.lists(widest, capacity),
    errorLists: arena.lists(capacity, widest),
    transposed: arena.take(Math.max(...weights.map((matrices) => matrices.weights.bytes))),
    zeros: arena.take(128),
    bytes: arena.bytes,
  };
}
