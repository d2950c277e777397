/** Edges between bins of a sorted column: half-way between values if there are at most `maxBins`, else quantiles. */
export function edgesOf(sorted: Float32Array, maxBins: number): Float32Array {
  const most = Math.min(maxBins, sorted.length);
  const distinct = new Float32Array(most);
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    if (count === most) return Float32Array.from(atQuantiles(sorted, maxBins));
    distinct[count++] = sorted[i]!;
  }
  return betweenValues(distinct.subarray(0, count));
}

function betweenValues(distinct: Float32Array): Float32Array {
  const edges = new Float32Array(Math.max(0, distinct.length - 1));
  for (let i = 0; i < edges.length; i++) edges[i] = midpoint(distinct[i]!, distinct[i + 1]!);
  return edges;
}

/** The quantiles k / maxBins, as the averaged inverse of the distribution function (Hyndman and Fan 1996, type 2). */
function atQuantiles(sorted: Float32Array, maxBins: number): number[] {
  const edges: number[] = [];
  for (let k = 1; k < maxBins; k++) {
    const position = (k * sorted.length) / maxBins;
    const at = Math.floor(position);
    const edge = position === at ? midpoint(sorted[at - 1]!, sorted[at]!) : sorted[at]!;
    if (edges.length === 0 || edge > edges.at(-1)!) edges.push(edge);
  }
  return edges;
}

/** Half-way between two float32 numbers, in float32, and below the upper one where they differ. */
function midpoint(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle < high ? middle : low;
}

/** Places of the hash table that distinct values are found by, at least twice as many as values. */
const PLACES = 1024;

/** The distinct values in ascending order where there are no more than `most`, by hashing; else undefined. No NaN. */
export function fewDistinct(values: Float32Array, most: number): Float32Array | undefined {
  if (2 * most > PLACES) return undefined;
  const found = new Float32Array(most);
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  /** Number of the value at a place, from 1; 0 = free. */
  const numbers = new Uint16Array(PLACES);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // -0 has other bits than 0, and is the same value.
    let place = value === 0 ? 0 : Math.imul(bits[i]!, 0x9e3779b1) >>> 22;
    while (numbers[place] !== 0 && found[numbers[place]! - 1] !== value) place = (place + 1) & (PLACES - 1);
    if (numbers[place] !== 0) continue;
    if (count === most) return undefined;
    found[count++] = value;
    numbers[place] = count;
  }
  return found.subarray(0, count).sort();
}

const GRID = 2048;

/**
 * The number of edges below a value, i.e. its bin. A uniform grid over the edges' range tells almost which: rounding
 * keeps the order, so edges in earlier cells of the grid are below the value and those in later cells are not.
 */
export function binLocator(edges: Float32Array): (value: number) => number {
  const count = edges.length;
  if (count === 0) return () => 0;
  const lowest = edges[0]!;
  const highest = edges[count - 1]!;
  const scale = count > 1 ? GRID / (highest - lowest) : 0;
  const before = count <= 255 ? new Uint8Array(GRID + 2) : new Uint32Array(GRID + 2);
  for (const edge of edges) {
    const cell = Math.min(GRID, Math.floor((edge - lowest) * scale));
    before[cell + 1]!++;
  }
  for (let cell = 1; cell < before.length; cell++) before[cell]! += before[cell - 1]!;
  return (value) => {
    if (value <= lowest) return 0;
    if (value > highest) return count;
    const cell = Math.min(GRID, Math.floor((value - lowest) * scale));
    let low = before[cell]!;
    let high = before[cell + 1]!;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (edges[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
