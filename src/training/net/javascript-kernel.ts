import type { DenseKernel } from './kernel.ts';

const fround = Math.fround;
/** Columns of a panel, and numbers of a list's entry. */
const PANEL = 32;
const ENTRY = 2;
const TINY = fround(1e-18);
const TINY_SQUARE = fround(1e-36);

/** `kernels/dense.ts` in JavaScript, number by number where that takes four: the same sums in the same order. */
export function javascriptKernel(buffer: ArrayBuffer): DenseKernel {
  const f32 = new Float32Array(buffer);
  const u32 = new Uint32Array(buffer);
  return {
    multiply(lists, listBytes, ends, count, b, bPanel, start, startPanel, startShared, c, cPanel, width) {
      const sums = new Float32Array(PANEL);
      for (let first = 0, panel = 0; first < width; first += PANEL, panel++) {
        const columns = Math.min(PANEL, width - first);
        for (let r = 0; r < count; r++) {
          const from = (start + panel * startPanel) / 4 + (startShared ? 0 : r * columns);
          for (let j = 0; j < columns; j++) sums[j] = f32[from + j]!;
          const end = u32[ends / 4 + r]! / 4;
          for (let entry = (lists + r * listBytes) / 4; entry < end; entry += ENTRY) {
            const value = f32[entry]!;
            const row = (b + panel * bPanel) / 4 + u32[entry + 1]! * columns;
            for (let j = 0; j < columns; j++) sums[j]! += fround(value * f32[row + j]!);
          }
          const to = (c + panel * cPanel) / 4 + r * columns;
          for (let j = 0; j < columns; j++) f32[to + j] = sums[j]!;
        }
      }
    },
    listRows(m, panel, count, width, positive, lists, listBytes, ends) {
      for (let r = 0; r < count; r++) {
        let entry = (lists + r * listBytes) / 4;
        for (let j = 0; j < width; j++) {
          const value = f32[cellAt(m, panel, paddedWidth(width), r, j)]!;
          if (!(positive ? value > 0 : value !== 0)) continue;
          f32[entry] = value;
          u32[entry + 1] = j;
          entry += ENTRY;
        }
        u32[ends / 4 + r] = entry * 4;
      }
    },
    listColumns(lists, listBytes, ends, count, columnLists, columnListBytes, columnEnds, width) {
      for (let i = 0; i < width; i++) u32[columnEnds / 4 + i] = columnLists + i * columnListBytes;
      for (let r = 0; r < count; r++) {
        const end = u32[ends / 4 + r]! / 4;
        for (let entry = (lists + r * listBytes) / 4; entry < end; entry += ENTRY) {
          const slot = columnEnds / 4 + u32[entry + 1]!;
          const at = u32[slot]! / 4;
          f32[at] = f32[entry]!;
          u32[at + 1] = r;
          u32[slot]! += ENTRY * 4;
        }
      }
    },
    addColumns(m, panel, count, width, sums) {
      for (let j = 0; j < width; j++)
        for (let r = 0; r < count; r++) f32[sums / 4 + j]! += f32[cellAt(m, panel, width, r, j)]!;
    },
    transpose(m, mPanel, rows, columns, t, tPanel) {
      for (let i = 0; i < rows; i++)
        for (let j = 0; j < columns; j++)
          f32[cellAt(t, tPanel, rows, j, i)] = f32[cellAt(m, mPanel, columns, i, j)]!;
    },
    derive(activation, errors, outputs, bytes) {
      for (let k = 0; k < bytes / 4; k++) {
        const h = f32[outputs / 4 + k]!;
        const error = f32[errors / 4 + k]!;
        f32[errors / 4 + k] =
          activation === 1
            ? h > 0
              ? error
              : 0
            : error * (activation === 2 ? fround(1 - fround(h * h)) : fround(h * fround(1 - h)));
      }
    },
    multiplyCells(target, a, b, bytes) {
      for (let k = 0; k < bytes / 4; k++) f32[target / 4 + k] = f32[a / 4 + k]! * f32[b / 4 + k]!;
    },
    scale(target, source, bytes, factor) {
      for (let k = 0; k < bytes / 4; k++) f32[target / 4 + k] = fround(factor) * f32[source / 4 + k]!;
    },
    adam(weights, gradients, first, second, bytes, ...factors) {
      const [rate = 0, beta1 = 0, rest1 = 0, beta2 = 0, rest2 = 0, epsilon = 0] = factors.map((factor) =>
        fround(factor),
      );
      for (let k = 0; k < bytes / 4; k++) {
        const gradient = f32[gradients / 4 + k]!;
        const g = Math.abs(gradient) > TINY ? gradient : 0;
        let m = fround(fround(beta1 * f32[first / 4 + k]!) + fround(rest1 * g));
        if (!(Math.abs(m) > TINY)) m = 0;
        let v = fround(fround(beta2 * f32[second / 4 + k]!) + fround(rest2 * fround(g * g)));
        if (!(v > TINY_SQUARE)) v = 0;
        f32[first / 4 + k] = m;
        f32[second / 4 + k] = v;
        f32[weights / 4 + k]! -= fround(fround(rate * m) / fround(fround(Math.sqrt(v)) + epsilon));
      }
    },
  };
}

function paddedWidth(width: number): number {
  return (width + 3) & ~3;
}

/** Index of a matrix's number: `width` is a multiple of 4, `panel` the bytes from panel to panel. */
function cellAt(m: number, panel: number, width: number, row: number, column: number): number {
  const first = column & ~(PANEL - 1);
  return (m + (first / PANEL) * panel) / 4 + row * Math.min(PANEL, width - first) + column - first;
}
