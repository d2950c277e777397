/** Up to this many keys insertion is quickest, up to the second number the engine's own sort, then radix. */
const FEW = 32;
const SOME = 200;

/** Sorts the first `count` keys in place; their lower 16 bits must ascend already. `spare` is as long as `keys`. */
export function sortKeys(keys: Uint32Array, count: number, spare: Uint32Array): void {
  if (count <= FEW) insert(keys, count);
  else if (count <= SOME) keys.subarray(0, count).sort();
  else {
    spread(keys, spare, count, 16);
    spread(spare, keys, count, 24);
  }
}

function insert(keys: Uint32Array, count: number): void {
  for (let i = 1; i < count; i++) {
    const key = keys[i]!;
    let place = i;
    for (; place > 0 && keys[place - 1]! > key; place--) keys[place] = keys[place - 1]!;
    keys[place] = key;
  }
}

const next = new Int32Array(256);

/** One pass of a radix sort, by the eight bits from `shift` on. */
function spread(from: Uint32Array, to: Uint32Array, count: number, shift: number): void {
  next.fill(0);
  for (let i = 0; i < count; i++) next[(from[i]! >>> shift) & 255]! += 1;
  let total = 0;
  for (let digit = 0; digit < 256; digit++) {
    const own = next[digit]!;
    next[digit] = total;
    total += own;
  }
  for (let i = 0; i < count; i++) {
    const key = from[i]!;
    to[next[(key >>> shift) & 255]!++] = key;
  }
}
