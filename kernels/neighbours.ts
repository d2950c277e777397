// Distances of one asked row from a leaf's 128 training rows, compiled by AssemblyScript. The host lays out the memory
// and passes addresses. `src/model/neighbours/javascript-kernel.ts` does the same: all numbers are whole and their sums
// below 2^53, so the order of adding changes nothing.
//
// A leaf holds columns of 128 float32; `offsets` are the bytes from its begin to the columns that are looked at (u32),
// `places` what they are multiplied by or compared with, `lengths` what the sums begin with, `sums` the outcome (f64).

/** Rows of a leaf. */
const ROWS: usize = 128;

/** Two neighbours in a column as f64. */
function pair(cell: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(cell));
}

/** sums[i] = lengths[i] + sum of places * column[i] */
export function addProducts(
  leaf: usize,
  offsets: usize,
  places: usize,
  columns: i32,
  lengths: usize,
  sums: usize,
): void {
  for (let row: usize = 0; row < ROWS; row += 8) {
    const from = lengths + (row << 3);
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    const first = leaf + (row << 2);
    for (let k = 0; k < columns; k++) {
      const cell = first + <usize>load<u32>(offsets + ((<usize>k) << 2));
      const place = v128.load64_splat(places + ((<usize>k) << 3));
      a = f64x2.add(a, f64x2.mul(place, pair(cell)));
      b = f64x2.add(b, f64x2.mul(place, pair(cell + 8)));
      c = f64x2.add(c, f64x2.mul(place, pair(cell + 16)));
      d = f64x2.add(d, f64x2.mul(place, pair(cell + 24)));
    }
    const to = sums + (row << 3);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
}

/** |place - point| - |point| */
function difference(place: v128, point: v128): v128 {
  return f64x2.sub(f64x2.abs(f64x2.sub(place, point)), f64x2.abs(point));
}

/** sums[i] = lengths[i] + sum of |places - column[i]| - |column[i]| */
export function addDifferences(
  leaf: usize,
  offsets: usize,
  places: usize,
  columns: i32,
  lengths: usize,
  sums: usize,
): void {
  for (let row: usize = 0; row < ROWS; row += 8) {
    const from = lengths + (row << 3);
    let a = v128.load(from);
    let b = v128.load(from, 16);
    let c = v128.load(from, 32);
    let d = v128.load(from, 48);
    const first = leaf + (row << 2);
    for (let k = 0; k < columns; k++) {
      const cell = first + <usize>load<u32>(offsets + ((<usize>k) << 2));
      const place = v128.load64_splat(places + ((<usize>k) << 3));
      a = f64x2.add(a, difference(place, pair(cell)));
      b = f64x2.add(b, difference(place, pair(cell + 8)));
      c = f64x2.add(c, difference(place, pair(cell + 16)));
      d = f64x2.add(d, difference(place, pair(cell + 24)));
    }
    const to = sums + (row << 3);
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
}
