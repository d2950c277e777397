import type { DenseLayer, Embedding } from '../../model/pipeline.ts';
import type { Random } from '../../numeric/random.ts';
import { sigmoid, tanh } from '../../numeric/elementary.ts';
import { Adam, type AdamRates } from './adam.ts';
import { EmbeddingTables, embeddedInputs } from './embedding-tables.ts';
import type { KernelKind } from '../../numeric/webassembly.ts';
import { openWorkbench, type DenseKernel } from './kernel.ts';
import type { Lists, Matrix } from './layout.ts';
import { cellOf, matrixAt, padded, squareEntries } from './layout.ts';
import type { Layer, NetworkMemory, NetworkShape } from './memory.ts';
import { chunkRows, placeNetwork } from './memory.ts';
import { drawLayers, layersOf, writeLayers } from './stored-layers.ts';

const kernelCodes = { identity: 0, relu: 1, tanh: 2, logistic: 3 } as const;

/** A dense net in the kernel's memory: float32 weights, gradients and the two moments of Adam. */
export class Network {
  readonly shape: NetworkShape;
  private readonly kernel: DenseKernel;
  private readonly f32: Float32Array;
  private readonly u32: Uint32Array;
  private readonly memory: NetworkMemory;
  private readonly layers: readonly Layer[];
  private readonly embeddings: EmbeddingTables;
  private readonly adam: Adam;

  constructor(shape: NetworkShape, kind?: KernelKind) {
    this.shape = shape;
    this.memory = placeNetwork(shape);
    this.layers = this.memory.layers;
    const { kernel, buffer } = openWorkbench(this.memory.bytes, kind);
    this.kernel = kernel;
    this.adam = new Adam(kernel, this.memory);
    this.f32 = new Float32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    const { batchRows } = shape;
    this.embeddings = new EmbeddingTables(this.memory.tables, this.f32, Math.min(batchRows, chunkRows));
  }

  /** Draws the weights, as Glorot and Bengio (2010): with 2 for 6 before the logistic function; and the vectors. */
  initialise(random: Random): void {
    drawLayers(this.f32, this.layers, this.shape.activation === 'logistic' ? 2 : 6, random);
    this.embeddings.initialise(random);
  }

  /** Goes on from the numbers of a model of the same shape. */
  load(layers: readonly DenseLayer[], embeddings: readonly Embedding[]): void {
    writeLayers(this.f32, this.layers, layers);
    this.embeddings.load(embeddings);
  }

  /** Scores of `count` rows of `x`, whose numbers are order[first] …; `random` draws what dropout keeps. */
  forward(x: Float32Array, order: Int32Array, first: number, count: number, random?: Random): void {
    this.loadRows(x, order, first, count);
    this.layers.forEach((layer, l) => {
      const { rows, weights, biases, out } = layer;
      this.kernel.multiply(
        rows.address,
        rows.listBytes,
        rows.ends,
        count,
        weights.address,
        weights.panel,
        biases.address,
        biases.panel,
        1,
        out.address,
        out.panel,
        out.width,
      );
      const next = this.layers[l + 1];
      if (!next) return;
      this.activate(out, count, layer.outputs);
      const given = random ? this.drop(layer, count, random) : out;
      this.list(given, count, layer.outputs, next.rows, this.shape.activation === 'relu');
    });
  }

  /** Score `k` of row `row` of the last `forward`. */
  score(row: number, k: number): number {
    return this.f32[cellOf(this.layers.at(-1)!.out, row, k)]!;
  }

  /** Sets the loss's derivative by a score, for `backward`. */
  setError(row: number, k: number, value: number): void {
    this.f32[cellOf(this.layers.at(-1)!.errors, row, k)] = value;
  }

  /** Sets the gradients to those of the penalty: `decay` * weights, nothing for biases. */
  startGradients(decay: number): void {
    const { kernel } = this;
    const { parameters, gradients, parameterBytes } = this.memory;
    kernel.scale(gradients, parameters, parameterBytes, decay);
    for (const { biases } of this.layers) {
      const at = (gradients + biases.address) / 4;
      this.f32.fill(0, at, at + biases.bytes / 4);
    }
  }

  /** Adds the gradients (`squared`: their squares) of each row of the last `forward`, whose errors `setError` gave. */
  backward(count: number, dropped: boolean, squared = false): void {
    const { inputErrors, tables, gradients } = this.memory;
    for (let l = this.layers.length - 1; l >= 0; l--) {
      const layer = this.layers[l]!;
      const before = this.layers[l - 1];
      if (before) this.propagate(layer, before, count, dropped);
      else if (inputErrors) this.errorsBefore(layer, embeddedInputs(tables), inputErrors, count);
      if (squared) this.square(layer.errors, layer.rows, count);
      this.addGradients(layer, count);
    }
    if (!inputErrors) return;
    if (squared) this.square(inputErrors);
    this.embeddings.addGradients(inputErrors, count, gradients);
  }

  /** A weight's gradient by a row is the row's input times its error: its square is that of the squares. */
  private square({ address, bytes }: Matrix, lists?: Lists, count = 0): void {
    this.kernel.multiplyCells(address, address, address, bytes);
    if (lists) squareEntries(this.f32, this.u32, lists, count);
  }

  /** One step of Adam along the gradients. */
  step(rates: AdamRates): void {
    this.adam.step(rates);
  }

  /** Sum of the squares of all weights and vectors, without biases. */
  squaredWeights(): number {
    let total = this.embeddings.squares();
    for (const { weights } of this.layers) {
      const end = (weights.address + weights.bytes) / 4;
      for (let at = weights.address / 4; at < end; at++) total += this.f32[at]! * this.f32[at]!;
    }
    return total;
  }

  /** The weights, to look at or to change in place, in the order of the memory. */
  values(): Float32Array {
    return this.f32.subarray(
      this.memory.parameters / 4,
      (this.memory.parameters + this.memory.parameterBytes) / 4,
    );
  }

  /** The gradients, in the order of `values`. */
  gradients(): Float32Array {
    const first = (this.memory.gradients + this.memory.parameters) / 4;
    return this.f32.subarray(first, first + this.memory.parameterBytes / 4);
  }

  /** The layers as the model keeps them. */
  toLayers(): DenseLayer[] {
    return layersOf(this.f32, this.layers, 0);
  }

  /** The vectors of the categories as the model keeps them. */
  toEmbeddings(): Embedding[] {
    return this.embeddings.toEmbeddings();
  }

  /** The gradients, in the place of the vectors that they belong to. */
  gradientEmbeddings(): Embedding[] {
    return this.embeddings.toEmbeddings(this.memory.gradients);
  }

  /** The gradients, in the place of the weights and biases that they belong to. */
  gradientLayers(): DenseLayer[] {
    return layersOf(this.f32, this.layers, this.memory.gradients);
  }

  private loadRows(x: Float32Array, order: Int32Array, first: number, count: number): void {
    const { f32, u32 } = this;
    const { inputs, rows } = this.layers[0]!;
    const { tables } = this.memory;
    const embedded = embeddedInputs(tables);
    const numbers = inputs - embedded;
    for (let r = 0; r < count; r++) {
      let at = (rows.address + r * rows.listBytes) / 4;
      const cells = order[first + r]! * (numbers + tables.length);
      at = this.embeddings.lookUp(r, x, cells + numbers, u32, at);
      for (let j = 0; j < numbers; j++) {
        const value = x[cells + j]!;
        if (value === 0) continue;
        f32[at] = value;
        u32[at + 1] = embedded + j;
        at += 2;
      }
      u32[rows.ends / 4 + r] = at * 4;
    }
  }

  private list(matrix: Matrix, count: number, width: number, lists: Lists, positive: boolean): void {
    this.kernel.listRows(
      matrix.address,
      matrix.panel,
      count,
      width,
      positive ? 1 : 0,
      lists.address,
      lists.listBytes,
      lists.ends,
    );
  }

  /** The rectifier needs nothing: the lists of the next layer hold what is above 0. */
  private activate(out: Matrix, count: number, width: number): void {
    const { activation } = this.shape;
    if (activation !== 'tanh' && activation !== 'logistic') return;
    const curve = activation === 'tanh' ? tanh : sigmoid;
    for (let r = 0; r < count; r++)
      for (let k = 0; k < width; k++) {
        const at = cellOf(out, r, k);
        this.f32[at] = curve(this.f32[at]!);
      }
  }

  private drop({ outputs, out, mask, dropped }: Layer, count: number, random: Random): Matrix {
    if (!mask || !dropped) return out;
    const { dropout } = this.shape;
    const kept = 1 / (1 - dropout);
    for (let r = 0; r < count; r++)
      for (let k = 0; k < outputs; k++)
        this.f32[cellOf(mask, r, k)] = random.uint32() < dropout * 4294967296 ? 0 : kept;
    this.kernel.multiplyCells(dropped.address, out.address, mask.address, out.bytes);
    return dropped;
  }

  private addGradients({ inputs, rows, errors, weights, biases }: Layer, count: number): void {
    const { kernel } = this;
    const { columns, gradients } = this.memory;
    const target = gradients + weights.address;
    kernel.listColumns(
      rows.address,
      rows.listBytes,
      rows.ends,
      count,
      columns.address,
      columns.listBytes,
      columns.ends,
      inputs,
    );
    kernel.multiply(
      columns.address,
      columns.listBytes,
      columns.ends,
      inputs,
      errors.address,
      errors.panel,
      target,
      weights.panel,
      0,
      target,
      weights.panel,
      weights.width,
    );
    kernel.addColumns(errors.address, errors.panel, count, errors.width, gradients + biases.address);
  }

  /** Errors of the layer before, through its activation. */
  private propagate(layer: Layer, before: Layer, count: number, dropped: boolean): void {
    const { kernel } = this;
    const { errors, out, mask } = before;
    this.errorsBefore(layer, layer.inputs, errors, count);
    if (dropped && mask) kernel.multiplyCells(errors.address, errors.address, mask.address, errors.bytes);
    const code = kernelCodes[this.shape.activation];
    if (code > 0) kernel.derive(code, errors.address, out.address, errors.bytes);
  }

  /** Errors of the layer's first inputs: its own errors times its transposed weights. */
  private errorsBefore(layer: Layer, inputs: number, errors: Matrix, count: number): void {
    const { kernel } = this;
    const { errorLists, transposed: room, zeros } = this.memory;
    const { weights, outputs } = layer;
    const transposed = matrixAt(room, weights.width, inputs);
    this.list(layer.errors, count, outputs, errorLists, false);
    kernel.transpose(
      weights.address,
      weights.panel,
      padded(inputs),
      weights.width,
      transposed.address,
      transposed.panel,
    );
    kernel.multiply(
      errorLists.address,
      errorLists.listBytes,
      errorLists.ends,
      count,
      transposed.address,
      transposed.panel,
      zeros,
      0,
      1,
      errors.address,
      errors.panel,
      errors.width,
    );
  }
}
