import type { Embedding } from '../../model/pipeline.ts';
import type { Random } from '../../numeric/random.ts';
import type { Matrix } from './layout.ts';
import { cellOf } from './layout.ts';

/** A category that enters the net as a trained vector. */
export interface EmbeddingShape {
  /** Codes of the category: its levels, and the one for anything else. */
  readonly levels: number;
  readonly dimension: number;
}

/** Where the vectors of a category lie, levels × dimension, and which inputs of the first layer they are. */
export interface EmbeddingTable extends EmbeddingShape {
  readonly address: number;
  readonly firstInput: number;
}

/** Inputs of the first layer that are numbers of vectors. */
export function embeddedInputs(shapes: readonly EmbeddingShape[]): number {
  return shapes.reduce((sum, { dimension }) => sum + dimension, 0);
}

/**
 * The lookup tables of a net in its memory (Guo and Berkhahn, "Entity Embeddings of Categorical Variables", 2016). Rows
 * are looked up and their gradients added in the order of the rows, one number after the other, for both kernels alike.
 */
export class EmbeddingTables {
  private readonly tables: readonly EmbeddingTable[];
  private readonly f32: Float32Array;
  /** Codes of the rows that were looked up last, row by row. */
  private readonly codes: Int32Array;

  constructor(tables: readonly EmbeddingTable[], f32: Float32Array, rows: number) {
    this.tables = tables;
    this.f32 = f32;
    this.codes = new Int32Array(rows * tables.length);
  }

  /** Vectors of length 1 on average, as one-hot ones have: uniform within sqrt(3 / dimension). */
  initialise(random: Random): void {
    for (const { address, levels, dimension } of this.tables) {
      const limit = Math.sqrt(3 / dimension);
      for (let at = 0; at < levels * dimension; at++)
        this.f32[address / 4 + at] = (2 * random.next() - 1) * limit;
    }
  }

  /** Puts a model's vectors, of the same shapes, in place of the own ones. */
  load(embeddings: readonly Embedding[]): void {
    this.tables.forEach(({ address }, t) => this.f32.set(embeddings[t]!.vectors, address / 4));
  }

  /** Appends the vectors of a row, whose codes begin at `x[cell]`, to its list; returns the list's new end. */
  lookUp(row: number, x: Float32Array, cell: number, u32: Uint32Array, end: number): number {
    const { f32, tables } = this;
    let at = end;
    for (let t = 0; t < tables.length; t++) {
      const { address, dimension, firstInput } = tables[t]!;
      const code = (this.codes[row * tables.length + t] = x[cell + t]!);
      const vector = address / 4 + code * dimension;
      for (let d = 0; d < dimension; d++, at += 2) {
        f32[at] = f32[vector + d]!;
        u32[at + 1] = firstInput + d;
      }
    }
    return at;
  }

  /** Adds the errors of the rows that were looked up last to the gradients, which lie `gradients` bytes behind the vectors. */
  addGradients(errors: Matrix, count: number, gradients: number): void {
    const { f32, tables, codes } = this;
    for (let t = 0; t < tables.length; t++) {
      const { address, dimension, firstInput } = tables[t]!;
      const first = (gradients + address) / 4;
      for (let row = 0; row < count; row++) {
        const vector = first + codes[row * tables.length + t]! * dimension;
        for (let d = 0; d < dimension; d++) f32[vector + d]! += f32[cellOf(errors, row, firstInput + d)]!;
      }
    }
  }

  /** Sum of the squares of all vectors. */
  squares(): number {
    let total = 0;
    for (const { address, levels, dimension } of this.tables)
      for (let at = 0; at < levels * dimension; at++)
        total += this.f32[address / 4 + at]! * this.f32[address / 4 + at]!;
    return total;
  }

  /** The vectors as the model keeps them, or with `offset` their gradients. */
  toEmbeddings(offset = 0): Embedding[] {
    return this.tables.map(({ address, levels, dimension }) => {
      const first = (offset + address) / 4;
      return { levels, dimension, vectors: this.f32.slice(first, first + levels * dimension) };
    });
  }
}
