import { exp, log, log1p } from '../../numeric/elementary.ts';
import type { LinearKernel } from './kernel.ts';

/** `kernels/linear.ts` in JavaScript, number by number where that takes two: the same sums in the same order. */
export function javascriptKernel(buffer: ArrayBuffer): LinearKernel {
  const f32 = new Float32Array(buffer);
  const f64 = new Float64Array(buffer);
  const u32 = new Uint32Array(buffer);
  /** Calls `take` with each entry's column and value, row after row. */
  const eachEntry = (
    starts: number,
    rows: number,
    take: (row: number, column: number, value: number) => void,
  ): void => {
    for (let row = 0; row < rows; row++) {
      const end = u32[starts / 4 + row + 1]! / 4;
      for (let entry = u32[starts / 4 + row]! / 4; entry < end; entry += 2)
        take(row, u32[entry]!, f32[entry + 1]!);
    }
  };
  return {
    timesDense(x, width, rows, weights, out) {
      const from = weights / 8;
      const intercept = f64[from + paired(width)]!;
      for (let row = 0, cell = x / 4; row < rows; row++, cell += width) {
        const sums = [0, 0];
        for (let j = 0; j < width; j++) sums[j & 1]! += f32[cell + j]! * f64[from + j]!;
        f64[out / 8 + row] = sums[0]! + sums[1]! + intercept;
      }
    },
    addDense(x, width, rows, factors, sums) {
      const to = sums / 8;
      for (let row = 0, cell = x / 4; row < rows; row++, cell += width) {
        const factor = f64[factors / 8 + row]!;
        for (let j = 0; j < width; j++) f64[to + j]! += f32[cell + j]! * factor;
        f64[to + paired(width)]! += factor;
      }
    },
    squareDense(x, width, rows, factors, sums) {
      const to = sums / 8;
      for (let row = 0, cell = x / 4; row < rows; row++, cell += width) {
        const factor = f64[factors / 8 + row]!;
        for (let j = 0; j < width; j++) f64[to + j]! += f32[cell + j]! * f32[cell + j]! * factor;
        f64[to + paired(width)]! += factor;
      }
    },
    gramDense(x, width, rows, factors, out) {
      for (let row = 0, cell = x / 4; row < rows; row++, cell += width)
        for (let i = 0; i < width; i++) {
          const factor = f32[cell + i]! * f64[factors / 8 + row]!;
          const to = out / 8 + i * paired(width);
          for (let j = 0; j <= i; j++) f64[to + j]! += factor * f32[cell + j]!;
        }
    },
    listEntries(x, width, rows, intercept, starts, entries) {
      let entry = entries / 4;
      for (let row = 0; row < rows; row++) {
        for (let j = 0; j < width; j++) {
          const value = f32[x / 4 + row * width + j]!;
          if (value === 0) continue;
          u32[entry] = j;
          f32[entry + 1] = value;
          entry += 2;
        }
        if (intercept) {
          u32[entry] = width;
          f32[entry + 1] = 1;
          entry += 2;
        }
        u32[starts / 4 + row] = 4 * entry;
      }
    },
    timesEntries(starts, rows, weights, out) {
      f64.fill(0, out / 8, out / 8 + rows);
      eachEntry(starts, rows, (row, column, value) => {
        f64[out / 8 + row]! += value * f64[weights / 8 + column]!;
      });
    },
    addEntries(starts, rows, factors, sums) {
      eachEntry(starts, rows, (row, column, value) => {
        f64[sums / 8 + column]! += value * f64[factors / 8 + row]!;
      });
    },
    squareEntries(starts, rows, factors, sums) {
      eachEntry(starts, rows, (row, column, value) => {
        f64[sums / 8 + column]! += value * value * f64[factors / 8 + row]!;
      });
    },
    gramEntries(starts, width, rows, factors, out) {
      for (let row = 0; row < rows; row++) {
        const first = u32[starts / 4 + row]! / 4;
        const end = u32[starts / 4 + row + 1]! / 4;
        for (let i = first; i < end; i += 2) {
          const scaled = f32[i + 1]! * f64[factors / 8 + row]!;
          const to = out / 8 + u32[i]! * width;
          for (let j = first; j <= i; j += 2) f64[to + u32[j]!]! += scaled * f32[j + 1]!;
        }
      }
    },
    binomial(scores, y, costs, curvatures, rows) {
      const values = [0, 0];
      for (let row = 0; row < rows; row++) {
        const score = f64[scores / 8 + row]!;
        const target = f64[y / 8 + row]!;
        const cost = f64[costs / 8 + row]!;
        const small = exp(Math.max(-Math.abs(score), -708));
        const whole = 1 + small;
        const share = small / whole;
        const positive = score >= 0 ? 1 / whole : share;
        values[row & 1]! += cost * ((score >= 0 ? score : 0) - target * score + log1p(small));
        f64[scores / 8 + row] = cost * (positive - target);
        f64[curvatures / 8 + row] = (cost * share) / whole;
      }
      return values[0]! + values[1]!;
    },
    softmax(scores, slopes, stride, classes, y, costs, rows) {
      const values = [0, 0];
      const step = stride / 8;
      for (let row = 0; row < rows; row++) {
        const from = scores / 8 + row;
        const label = f64[y / 8 + row]!;
        const cost = f64[costs / 8 + row]!;
        const own = f64[from + label * step]!;
        let top = f64[from]!;
        for (let k = 1; k < classes; k++) top = Math.max(top, f64[from + k * step]!);
        let total = 0;
        for (let k = 0; k < classes; k++) {
          const power = exp(Math.max(f64[from + k * step]! - top, -708));
          f64[from + k * step] = power;
          total += power;
        }
        for (let k = 0; k < classes; k++) {
          const share = f64[from + k * step]! / total;
          f64[from + k * step] = share;
          f64[slopes / 8 + row + k * step] = cost * (share - (label === k ? 1 : 0));
        }
        values[row & 1]! += cost * (log(total) + top - own);
      }
      return values[0]! + values[1]!;
    },
  };
}

/** Numbers that stand before the intercept's. */
function paired(width: number): number {
  return (width + 1) & ~1;
}
