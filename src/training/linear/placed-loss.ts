import type { KernelKind } from '../../numeric/webassembly.ts';
import type { CurvedPoint } from './newton.ts';
import { PlacedRows, type GivenRows } from './placed-rows.ts';

/** What a penalised log loss is summed over, as it comes. */
export interface LossData extends GivenRows {
  /** Class index of each row. */
  readonly y: Float64Array;
  /** C times what the row counts for. */
  readonly costs: Float64Array;
}

/**
 * The loss of `binomialLoss` (one output) or `multinomialLoss` (one for each class) on a kernel: C * sum of losses + sum
 * of squares of the coefficients / 2, with its derivatives. Weights stand output by output, the intercept's last.
 */
export class PlacedLoss {
  private readonly placed: PlacedRows;
  private readonly outputs: number;
  private readonly width: number;
  private readonly features: number;
  /** Bytes from output to output of what is known of each row. */
  private readonly stride: number;
  private readonly numbers: Float64Array;
  private readonly addresses;
  /** The weights that the memory holds the probabilities of. */
  private current: Float64Array | undefined;

  constructor(data: LossData, outputs: number, kind?: KernelKind) {
    this.outputs = outputs;
    this.features = data.features;
    this.width = data.features + (data.intercept ? 1 : 0);
    this.stride = 16 * Math.ceil(data.rows / 2);
    // Twice what a block of products needs, and never more columns than a dense row's pairs and the intercept.
    const columnBytes = 8 * (data.features + 4);
    const gramBytes = columnBytes * (data.features + 3);
    const extra = this.stride * (3 + 2 * outputs) + 2 * outputs * columnBytes + gramBytes;
    this.placed = new PlacedRows(data, extra, kind);
    let next = this.placed.at;
    const take = (bytes: number): number => {
      next += bytes;
      return next - bytes;
    };
    this.addresses = {
      y: take(this.stride),
      costs: take(this.stride),
      /** Scores, then slopes of one output or probabilities of several. */
      scores: take(this.stride * outputs),
      /** Curvatures of one output or slopes of several. */
      others: take(this.stride * outputs),
      factors: take(this.stride),
      weights: take(this.placed.columnBytes * outputs),
      sums: take(this.placed.columnBytes * outputs),
      gram: take(gramBytes),
    };
    this.numbers = new Float64Array(this.placed.buffer);
    this.numbers.set(data.y, this.addresses.y / 8);
    this.numbers.set(data.costs, this.addresses.costs / 8);
  }

  /** Length of the weights. */
  get size(): number {
    return this.outputs * this.width;
  }

  /** The loss at some weights. */
  at(weights: Float64Array): CurvedPoint {
    let value = this.pass(weights);
    const gradient = this.sums();
    for (let i = 0; i < this.size; i++) {
      const penalty = this.penalty(i);
      value += 0.5 * penalty * weights[i]! * weights[i]!;
      gradient[i]! += penalty * weights[i]!;
    }
    // Only a missing value among the features, or one without bounds, can do this.
    if (Number.isNaN(value)) throw new Error('A linear model got a missing value: its encoding must impute.');
    return { value, gradient, diagonal: () => this.diagonal(weights), hessian: () => this.hessian(weights) };
  }

  private penalty(i: number): number {
    return i % this.width < this.features ? 1 : 0;
  }

  /** Fills in what the rows say at the weights, sums the slopes and returns the sum of the losses. */
  private pass(weights: Float64Array): number {
    const { placed, outputs, stride, numbers } = this;
    const { y, costs, scores, others, weights: weightsAt, sums } = this.addresses;
    const { kernel, blockRows, columnBytes, rows } = placed;
    for (let i = 0; i < this.size; i++) numbers[this.place(weightsAt, i)] = weights[i]!;
    numbers.fill(0, sums / 8, (sums + outputs * columnBytes) / 8);
    const slopes = outputs === 1 ? scores : others;
    let value = 0;
    for (let first = 0; first < rows; first += blockRows) {
      const count = Math.min(blockRows, rows - first);
      const even = (count + 1) & ~1;
      const at = 8 * first;
      for (let k = 0; k < outputs; k++)
        placed.times(first, count, weightsAt + k * columnBytes, scores + k * stride + at);
      value +=
        outputs === 1
          ? kernel.binomial(scores + at, y + at, costs + at, others + at, even)
          : kernel.softmax(scores + at, others + at, stride, outputs, y + at, costs + at, even);
      for (let k = 0; k < outputs; k++)
        placed.add(first, count, slopes + k * stride + at, sums + k * columnBytes);
    }
    this.current = weights;
    return value;
  }

  /** Address / 8 of a weight, or of its sum. */
  private place(start: number, i: number): number {
    const column = i % this.width;
    const output = (i - column) / this.width;
    const at = column < this.features ? column : this.placed.interceptAt;
    return (start + output * this.placed.columnBytes) / 8 + at;
  }

  private sums(): Float64Array {
    return Float64Array.from(
      { length: this.size },
      (_, i) => this.numbers[this.place(this.addresses.sums, i)]!,
    );
  }

  private diagonal(weights: Float64Array): Float64Array {
    if (this.current !== weights) this.pass(weights);
    const { placed, numbers, outputs } = this;
    const { sums } = this.addresses;
    numbers.fill(0, sums / 8, (sums + outputs * placed.columnBytes) / 8);
    for (let k = 0; k < outputs; k++) {
      const factors = this.factors(k, k);
      placed.addSquares(0, placed.rows, factors, sums + k * placed.columnBytes);
    }
    return this.sums().map((sum, i) => sum + this.penalty(i));
  }

  /** Second derivatives by the scores of two outputs: cost * p_k * (1[k = l] - p_l). Returns their address. */
  private factors(k: number, l: number): number {
    const { numbers, stride } = this;
    const { scores, others, costs, factors } = this.addresses;
    if (this.outputs === 1) return others;
    const [own, other] = [(scores + k * stride) / 8, (scores + l * stride) / 8];
    for (let row = 0; row < this.placed.rows; row++)
      numbers[factors / 8 + row] =
        numbers[costs / 8 + row]! * numbers[own + row]! * ((k === l ? 1 : 0) - numbers[other + row]!);
    return factors;
  }

  /** Second derivatives where each row counts for `each` of its kind. */
  hessian(weights: Float64Array, each = 1): Float64Array {
    if (this.current !== weights) this.pass(weights);
    const { size, width, outputs } = this;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) matrix[i * size + i] = this.penalty(i);
    for (let k = 0; k < outputs; k++)
      for (let l = 0; l <= k; l++) this.addBlock(matrix, this.factors(k, l), each, k * width, l * width);
    return matrix;
  }

  /** Adds X' diag(factors) X, `each` times, to a symmetric block of the matrix. */
  private addBlock(matrix: Float64Array, factors: number, each: number, row: number, column: number): void {
    const { placed, numbers, size, width } = this;
    const { gram } = this.addresses;
    const { interceptAt } = placed;
    numbers.fill(0, gram / 8, (gram + placed.gramBytes) / 8);
    const blocks = placed.blockRows;
    for (let first = 0; first < placed.rows; first += blocks)
      placed.addGram(first, Math.min(blocks, placed.rows - first), factors + 8 * first, gram);
    for (let i = 0; i < width; i++)
      for (let j = 0; j <= i; j++) {
        const at = placed.gramAt(i < this.features ? i : interceptAt, j < this.features ? j : interceptAt);
        const value = each * numbers[gram / 8 + at]!;
        matrix[(row + i) * size + column + j]! += value;
        if (i !== j && row !== column) matrix[(row + j) * size + column + i]! += value;
      }
  }
}
