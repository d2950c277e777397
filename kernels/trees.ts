// The hot loops of tree growing, compiled by AssemblyScript. The host lays out the memory and passes addresses.
// `src/training/boosting/javascript-kernel.ts` does the same: both add in the same order, so they agree to the bit.

/** Bytes of a bin's pair of sums: gradient and packed hessian, both f64. */
const PAIR: usize = 16;

/** Adds the pair at `pair` to the bin whose number stands at `cell`. */
function add(sums: usize, cell: usize, pair: v128): void {
  const bin = sums + <usize>load<u16>(cell) * PAIR;
  v128.store(bin, f64x2.add(v128.load(bin), pair));
}

/**
 * Histogram of `count` rows whose numbers stand at `order`. `cells`: u16 bins, row-major, `width` in a row.
 * Two cells at a time: their additions don't wait for each other.
 */
export function build(
  cells: usize,
  width: i32,
  order: usize,
  count: i32,
  pairs: usize,
  sums: usize,
  bins: i32,
): void {
  memory.fill(sums, 0, <usize>bins * PAIR);
  const rowBytes = (<usize>width) << 1;
  const end = order + ((<usize>count) << 2);
  for (let at = order; at < end; at += 4) {
    const row = <usize>load<u32>(at);
    const pair = v128.load(pairs + row * PAIR);
    let cell = cells + row * rowBytes;
    const last = cell + rowBytes;
    for (; cell + 8 <= last; cell += 8) {
      add(sums, cell, pair);
      add(sums, cell + 2, pair);
      add(sums, cell + 4, pair);
      add(sums, cell + 6, pair);
    }
    for (; cell < last; cell += 2) add(sums, cell, pair);
  }
}

/** sums -= minus. */
export function subtract(sums: usize, minus: usize, bins: i32): void {
  const end = sums + <usize>bins * PAIR;
  for (; sums < end; sums += PAIR, minus += PAIR)
    v128.store(sums, f64x2.sub(v128.load(sums), v128.load(minus)));
}

/**
 * Moves the rows whose bin goes left before the others and returns how many they are. `column`: u8 bin of each row;
 * `goesLeft`: 1 or 0 for each bin; `spare`: room for `count` rows. Both sides are written and one is kept, which is
 * faster than to branch.
 */
export function partition(column: usize, order: usize, count: i32, goesLeft: usize, spare: usize): i32 {
  const end = order + ((<usize>count) << 2);
  let left = order;
  let right = spare;
  for (let at = order; at < end; at += 4) {
    const row = load<u32>(at);
    const goes = <usize>load<u8>(goesLeft + <usize>load<u8>(column + row));
    store<u32>(left, row);
    store<u32>(right, row);
    left += goes << 2;
    right += (1 - goes) << 2;
  }
  memory.copy(left, spare, right - spare);
  return <i32>((left - order) >> 2);
}
