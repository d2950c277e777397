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

/** A child needs at least this much hessian. */
const MIN_HESSIAN: f64 = 1e-3;

// Where the numbers of a node and its rules stand, in f64 from `node` on; the best threshold follows them.
const GRADIENT: usize = 0;
const ROWS: usize = 8;
const HESSIAN: usize = 16;
const PARENT: usize = 24;
const MIN_GAIN: usize = 32;
const MIN_ROWS: usize = 40;
const L1: usize = 48;
const L2: usize = 56;
const LOWER: usize = 64;
const UPPER: usize = 72;
const UNIT: usize = 80;
const INVERSE_UNIT: usize = 88;
const STEP: usize = 96;
const CONSTANT: usize = 104;
const BEST: usize = 112;

/** The sum of gradients less L1. */
function shrink(gradient: f64, l1: f64): f64 {
  return gradient > l1 ? gradient - l1 : gradient < 0 - l1 ? gradient + l1 : 0;
}

function valueOf(shrunk: f64, hessian: f64, node: usize): f64 {
  return max(load<f64>(node, LOWER), min(load<f64>(node, UPPER), (0 - shrunk) / hessian));
}

/**
 * Tries the thresholds after `bins` bins from `at` on, the left side starting with the sums of `left`, and stores a
 * better one than `best` behind the node. To skip empty bins costs more in mispredicted branches than it saves.
 */
function scan(at: usize, bins: i32, left: v128, best: f64, node: usize, monotone: i32, plain: bool): f64 {
  const total = load<f64>(node, GRADIENT);
  const rows = load<f64>(node, ROWS);
  const hessian = load<f64>(node, HESSIAN);
  const parent = load<f64>(node, PARENT);
  const minRows = load<f64>(node, MIN_ROWS);
  const l1 = load<f64>(node, L1);
  const l2 = load<f64>(node, L2);
  const unit = load<f64>(node, UNIT);
  const inverseUnit = load<f64>(node, INVERSE_UNIT);
  const step = load<f64>(node, STEP);
  const constant = load<f64>(node, CONSTANT);
  const leastPacked = minRows * unit;
  const mostPacked = (rows - minRows + 1) * unit;
  for (let bin = 0; bin < bins; bin++, at += PAIR) {
    left = f64x2.add(left, v128.load(at));
    const packed = f64x2.extract_lane(left, 1);
    if (packed < leastPacked) continue;
    if (packed >= mostPacked) break;
    const leftRows = Math.floor(packed * inverseUnit);
    const leftHessian = (packed - leftRows * unit) * step + leftRows * constant;
    if (leftHessian < MIN_HESSIAN) continue;
    const rightHessian = hessian - leftHessian;
    if (rightHessian < MIN_HESSIAN) break;
    const gradient = f64x2.extract_lane(left, 0);
    const right = total - gradient;
    let gain: f64;
    if (plain) {
      const gradients = f64x2.replace_lane(f64x2.splat(gradient), 1, right);
      const hessians = f64x2.replace_lane(f64x2.splat(leftHessian + l2), 1, rightHessian + l2);
      const sides = f64x2.div(f64x2.mul(gradients, gradients), hessians);
      gain = f64x2.extract_lane(sides, 0) + f64x2.extract_lane(sides, 1) - parent;
    } else {
      const leftSum = shrink(gradient, l1);
      const rightSum = shrink(right, l1);
      const low = valueOf(leftSum, leftHessian + l2, node);
      const high = valueOf(rightSum, rightHessian + l2, node);
      if ((monotone > 0 && low > high) || (monotone < 0 && low < high)) continue;
      gain = 0 - leftSum * low - rightSum * high - parent;
    }
    if (gain > best) {
      best = gain;
      store<f64>(node, bin, BEST + 8);
      v128.store(node, left, BEST + 24);
    }
  }
  return best;
}

/**
 * The best threshold of the features whose numbers stand at `chosen`, or -1: then none is better than the node's least
 * gain. `table`: i32 first bin, bins, whether values are missing, direction, for each feature. What is found stands
 * from BEST on: gain, bin, 1 if missing values go left, 0 if right, -1 if there are none; left gradient, left packed.
 */
export function threshold(
  sums: usize,
  table: usize,
  chosen: usize,
  count: i32,
  node: usize,
  plain: i32,
): i32 {
  let feature = -1;
  let best = load<f64>(node, MIN_GAIN);
  const none = f64x2.splat(0);
  for (let i = 0; i < count; i++) {
    const j = load<i32>(chosen + ((<usize>i) << 2));
    const entry = table + ((<usize>j) << 4);
    const first = sums + <usize>load<i32>(entry) * PAIR;
    const bins = load<i32>(entry, 4);
    const monotone = load<i32>(entry, 12);
    const isPlain = plain == 1;
    const missing = first + <usize>bins * PAIR;
    const hasMissing = load<i32>(entry, 8) == 1 && load<f64>(missing, 8) != 0;
    let found = scan(first, hasMissing ? bins : bins - 1, none, best, node, monotone, isPlain);
    if (found > best) {
      best = found;
      feature = j;
      store<f64>(node, hasMissing ? 0 : -1, BEST + 16);
    }
    if (!hasMissing) continue;
    found = scan(first, bins - 1, v128.load(missing), best, node, monotone, isPlain);
    if (found > best) {
      best = found;
      feature = j;
      store<f64>(node, 1, BEST + 16);
    }
  }
  store<f64>(node, best, BEST);
  return feature;
}

/** Sum of the pairs of `count` rows, stored at `out`. */
export function total(order: usize, count: i32, pairs: usize, out: usize): void {
  const end = order + ((<usize>count) << 2);
  let sum = f64x2.splat(0);
  for (; order < end; order += 4) sum = f64x2.add(sum, v128.load(pairs + <usize>load<u32>(order) * PAIR));
  v128.store(out, sum);
}
