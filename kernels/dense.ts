// The hot loops of the dense net, compiled by AssemblyScript. The host lays out the memory and passes addresses.
// `src/training/net/javascript-kernel.ts` does the same: both add in the same order, so they agree to the bit.
//
// A matrix of float32 lies in panels of 32 columns, row after row within a panel; the last panel is as narrow as the
// width, which is a multiple of 4, needs. A list holds the entries of a row (or column) that aren't 0, each as
// float32 value and u32 position: half of what leaves a rectifier is 0, and so are nearly all one-hot features.

/** Bytes of a list's entry. */
const ENTRY: usize = 8;
/** Columns of a full panel. */
const PANEL: i32 = 32;
/** Below this a number is taken for 0: its square or its running mean would be subnormal, which is slow. */
const TINY: f32 = 1e-18;
const TINY_SQUARE: f32 = 1e-36;

/**
 * C[r] = start[r] + sum over the entries of list r, in their order, of value * B[position].
 * `lists`: list r begins at `lists + r * listBytes` and ends at `load<u32>(ends + 4 * r)`. `startShared`: 1 = one row of `start` serves all.
 */
export function multiply(
  lists: usize,
  listBytes: usize,
  ends: usize,
  count: i32,
  b: usize,
  bPanel: usize,
  start: usize,
  startPanel: usize,
  startShared: i32,
  c: usize,
  cPanel: usize,
  width: i32,
): void {
  for (let left = width; left > 0; left -= PANEL) {
    const columns = left < PANEL ? left : PANEL;
    const stride = (<usize>columns) << 2;
    const startStride: usize = startShared ? 0 : stride;
    if (columns === PANEL) multiply32(lists, listBytes, ends, count, b, start, startStride, c);
    else {
      let at: usize = 0;
      for (; at + 64 <= stride; at += 64)
        multiply16(lists, listBytes, ends, count, b + at, stride, start + at, startStride, c + at);
      for (; at < stride; at += 16)
        multiply4(lists, listBytes, ends, count, b + at, stride, start + at, startStride, c + at);
    }
    b += bPanel;
    start += startPanel;
    c += cPanel;
  }
}

function multiply32(
  lists: usize,
  listBytes: usize,
  ends: usize,
  count: i32,
  b: usize,
  start: usize,
  startStride: usize,
  c: usize,
): void {
  const last = ends + ((<usize>count) << 2);
  for (; ends < last; ends += 4) {
    const end = <usize>load<u32>(ends);
    let c0 = v128.load(start);
    let c1 = v128.load(start, 16);
    let c2 = v128.load(start, 32);
    let c3 = v128.load(start, 48);
    let c4 = v128.load(start, 64);
    let c5 = v128.load(start, 80);
    let c6 = v128.load(start, 96);
    let c7 = v128.load(start, 112);
    for (let entry = lists; entry < end; entry += ENTRY) {
      const value = v128.load32_splat(entry);
      const row = b + ((<usize>load<u32>(entry, 4)) << 7);
      c0 = f32x4.add(c0, f32x4.mul(value, v128.load(row)));
      c1 = f32x4.add(c1, f32x4.mul(value, v128.load(row, 16)));
      c2 = f32x4.add(c2, f32x4.mul(value, v128.load(row, 32)));
      c3 = f32x4.add(c3, f32x4.mul(value, v128.load(row, 48)));
      c4 = f32x4.add(c4, f32x4.mul(value, v128.load(row, 64)));
      c5 = f32x4.add(c5, f32x4.mul(value, v128.load(row, 80)));
      c6 = f32x4.add(c6, f32x4.mul(value, v128.load(row, 96)));
      c7 = f32x4.add(c7, f32x4.mul(value, v128.load(row, 112)));
    }
    v128.store(c, c0);
    v128.store(c, c1, 16);
    v128.store(c, c2, 32);
    v128.store(c, c3, 48);
    v128.store(c, c4, 64);
    v128.store(c, c5, 80);
    v128.store(c, c6, 96);
    v128.store(c, c7, 112);
    lists += listBytes;
    start += startStride;
    c += 128;
  }
}

function multiply16(
  lists: usize,
  listBytes: usize,
  ends: usize,
  count: i32,
  b: usize,
  stride: usize,
  start: usize,
  startStride: usize,
  c: usize,
): void {
  const last = ends + ((<usize>count) << 2);
  for (; ends < last; ends += 4) {
    const end = <usize>load<u32>(ends);
    let c0 = v128.load(start);
    let c1 = v128.load(start, 16);
    let c2 = v128.load(start, 32);
    let c3 = v128.load(start, 48);
    for (let entry = lists; entry < end; entry += ENTRY) {
      const value = v128.load32_splat(entry);
      const row = b + <usize>load<u32>(entry, 4) * stride;
      c0 = f32x4.add(c0, f32x4.mul(value, v128.load(row)));
      c1 = f32x4.add(c1, f32x4.mul(value, v128.load(row, 16)));
      c2 = f32x4.add(c2, f32x4.mul(value, v128.load(row, 32)));
      c3 = f32x4.add(c3, f32x4.mul(value, v128.load(row, 48)));
    }
    v128.store(c, c0);
    v128.store(c, c1, 16);
    v128.store(c, c2, 32);
    v128.store(c, c3, 48);
    lists += listBytes;
    start += startStride;
    c += stride;
  }
}

function multiply4(
  lists: usize,
  listBytes: usize,
  ends: usize,
  count: i32,
  b: usize,
  stride: usize,
  start: usize,
  startStride: usize,
  c: usize,
): void {
  const last = ends + ((<usize>count) << 2);
  for (; ends < last; ends += 4) {
    const end = <usize>load<u32>(ends);
    let sum = v128.load(start);
    for (let entry = lists; entry < end; entry += ENTRY)
      sum = f32x4.add(
        sum,
        f32x4.mul(v128.load32_splat(entry), v128.load(b + <usize>load<u32>(entry, 4) * stride)),
      );
    v128.store(c, sum);
    lists += listBytes;
    start += startStride;
    c += stride;
  }
}

/** Lists the entries of each row of M that aren't 0, or with `positive` those above 0, in the order of columns. */
export function listRows(
  m: usize,
  panel: usize,
  count: i32,
  width: i32,
  positive: i32,
  lists: usize,
  listBytes: usize,
  ends: usize,
): void {
  // Entries to drop: those without any of these bits, or whose sign is set.
  const sign: u32 = positive ? 0x80000000 : 0;
  for (let r = 0; r < count; r++) {
    let entry = lists + <usize>r * listBytes;
    for (let first = 0; first < width; first += PANEL) {
      const columns = width - first < PANEL ? width - first : PANEL;
      const stride = (<usize>((columns + 3) & ~3)) << 2;
      let cell = m + <usize>(first >> 5) * panel + <usize>r * stride;
      for (let j = first; j < first + columns; j++) {
        const bits = load<u32>(cell);
        store<u64>(entry, (<u64>bits) | ((<u64>j) << 32));
        entry += ((<usize>(bits << 1 !== 0)) & (<usize>((bits & sign) === 0))) << 3;
        cell += 4;
      }
    }
    store<u32>(ends + ((<usize>r) << 2), <u32>entry);
  }
}

/** Turns lists of `count` rows into lists of `width` columns, in the order of rows. */
export function listColumns(
  lists: usize,
  listBytes: usize,
  ends: usize,
  count: i32,
  columnLists: usize,
  columnListBytes: usize,
  columnEnds: usize,
  width: i32,
): void {
  for (let i = 0; i < width; i++)
    store<u32>(columnEnds + ((<usize>i) << 2), <u32>(columnLists + <usize>i * columnListBytes));
  for (let r = 0; r < count; r++) {
    const first = lists + <usize>r * listBytes;
    const end = <usize>load<u32>(ends + ((<usize>r) << 2));
    for (let entry = first; entry < end; entry += ENTRY) {
      const slot = columnEnds + ((<usize>load<u32>(entry, 4)) << 2);
      const at = <usize>load<u32>(slot);
      store<u64>(at, (<u64>load<u32>(entry)) | ((<u64>r) << 32));
      store<u32>(slot, <u32>(at + ENTRY));
    }
  }
}

/** sums[j] += sum over rows, in their order, of M[r][j]. */
export function addColumns(m: usize, panel: usize, count: i32, width: i32, sums: usize): void {
  for (let left = width; left > 0; left -= PANEL) {
    const stride = (<usize>(left < PANEL ? left : PANEL)) << 2;
    for (let at: usize = 0; at < stride; at += 16) {
      let sum = v128.load(sums + at);
      let cell = m + at;
      for (let r = 0; r < count; r++) {
        sum = f32x4.add(sum, v128.load(cell));
        cell += stride;
      }
      v128.store(sums + at, sum);
    }
    m += panel;
    sums += 128;
  }
}

/** T = transposed M; both counts are multiples of 4 and all rows of both have room. */
export function transpose(m: usize, mPanel: usize, rows: i32, columns: i32, t: usize, tPanel: usize): void {
  for (let j = 0; j < columns; j += 4) {
    const mStride = stride(columns, j);
    const from = m + <usize>(j >> 5) * mPanel + ((<usize>(j & 31)) << 2);
    for (let i = 0; i < rows; i += 4) {
      const tStride = stride(rows, i);
      const source = from + <usize>i * mStride;
      const target = t + <usize>(i >> 5) * tPanel + <usize>j * tStride + ((<usize>(i & 31)) << 2);
      const r0 = v128.load(source);
      const r1 = v128.load(source + mStride);
      const r2 = v128.load(source + mStride * 2);
      const r3 = v128.load(source + mStride * 3);
      const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2));
      v128.store(target + tStride, v128.shuffle<f64>(low01, low23, 1, 3));
      v128.store(target + tStride * 2, v128.shuffle<f64>(high01, high23, 0, 2));
      v128.store(target + tStride * 3, v128.shuffle<f64>(high01, high23, 1, 3));
    }
  }
}

/** Bytes from row to row in the panel of column `j`. */
function stride(columns: i32, j: i32): usize {
  const left = columns - (j & ~31);
  return (<usize>(left < PANEL ? left : PANEL)) << 2;
}

/** errors *= derivative of the activation where it gave `outputs`: 1 rectifier, 2 tanh, 3 logistic. */
export function derive(activation: i32, errors: usize, outputs: usize, bytes: usize): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const error = v128.load(errors + at);
    const h = v128.load(outputs + at);
    let result = error;
    if (activation === 1) result = v128.and(error, f32x4.gt(h, zero));
    else if (activation === 2) result = f32x4.mul(error, f32x4.sub(one, f32x4.mul(h, h)));
    else result = f32x4.mul(error, f32x4.mul(h, f32x4.sub(one, h)));
    v128.store(errors + at, result);
  }
}

/** target = a * b, number by number. */
export function multiplyCells(target: usize, a: usize, b: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(target + at, f32x4.mul(v128.load(a + at), v128.load(b + at)));
}

/** target = factor * source. */
export function scale(target: usize, source: usize, bytes: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (let at: usize = 0; at < bytes; at += 16)
    v128.store(target + at, f32x4.mul(factors, v128.load(source + at)));
}

/** One step of Adam on `bytes` of weights, gradients and their two moments. */
export function adam(
  weights: usize,
  gradients: usize,
  first: usize,
  second: usize,
  bytes: usize,
  rate: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  epsilon: f32,
): void {
  const tiny = f32x4.splat(TINY);
  const tinySquare = f32x4.splat(TINY_SQUARE);
  for (let at: usize = 0; at < bytes; at += 16) {
    let g = v128.load(gradients + at);
    g = v128.and(g, f32x4.gt(f32x4.abs(g), tiny));
    let m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(first + at)), f32x4.mul(f32x4.splat(rest1), g));
    m = v128.and(m, f32x4.gt(f32x4.abs(m), tiny));
    let v = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), v128.load(second + at)),
      f32x4.mul(f32x4.splat(rest2), f32x4.mul(g, g)),
    );
    v = v128.and(v, f32x4.gt(v, tinySquare));
    v128.store(first + at, m);
    v128.store(second + at, v);
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), m), f32x4.add(f32x4.sqrt(v), f32x4.splat(epsilon)));
    v128.store(weights + at, f32x4.sub(v128.load(weights + at), step));
  }
}
