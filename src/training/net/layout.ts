/** Columns of a full panel; see `kernels/dense.ts`. */
const PANEL = 32;

/** A matrix of float32 in the kernel's memory, in panels of 32 columns; `width` is a multiple of 4. */
export interface Matrix {
  readonly address: number;
  readonly width: number;
  /** Bytes from panel to panel. */
  readonly panel: number;
  readonly bytes: number;
}

/** Room for the entries that aren't 0 of each row or column: `listBytes` for each, and where each list ends. */
export interface Lists {
  readonly address: number;
  readonly listBytes: number;
  readonly ends: number;
}

/** The next multiple of 4. */
export function padded(count: number): number {
  return (count + 3) & ~3;
}

/** Index of a matrix's number in a float32 view of the memory. */
export function cellOf({ address, width, panel }: Matrix, row: number, column: number): number {
  const first = column & ~(PANEL - 1);
  return (address + (first / PANEL) * panel) / 4 + row * Math.min(PANEL, width - first) + column - first;
}

/** Squares the values of the entries of the first `count` lists, in two views of the memory. */
export function squareEntries(f32: Float32Array, u32: Uint32Array, lists: Lists, count: number): void {
  for (let list = 0; list < count; list++) {
    const end = u32[lists.ends / 4 + list]! / 4;
    for (let at = (lists.address + list * lists.listBytes) / 4; at < end; at += 2) f32[at]! *= f32[at]!;
  }
}

/** Hands out addresses, one after another, before the memory exists. */
export class Arena {
  /** Bytes handed out so far. */
  bytes = 0;

  take(bytes: number): number {
    const address = this.bytes;
    this.bytes += Math.ceil(bytes / 64) * 64;
    return address;
  }

  matrix(rows: number, columns: number): Matrix {
    const matrix = matrixAt(this.bytes, rows, columns);
    this.take(matrix.bytes);
    return matrix;
  }

  /** `count` lists of up to `longest` entries. */
  lists(count: number, longest: number): Lists {
    // One entry more: the kernel writes an entry before it knows whether to keep it.
    const listBytes = (longest + 1) * 8;
    return { address: this.take(count * listBytes), listBytes, ends: this.take(count * 4) };
  }
}

/** The matrix that begins at an address which is a multiple of 64. */
export function matrixAt(address: number, rows: number, columns: number): Matrix {
  const width = padded(columns);
  return { address, width, panel: rows * PANEL * 4, bytes: rows * width * 4 };
}
