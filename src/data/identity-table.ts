/** Bytes of one row's identity. */
export const identityBytes = 16;

const words = identityBytes / 4;

/** Numbers identities 0, 1, 2 … in the order in which they are first met: a hash table of 16-byte keys. */
export class IdentityTable {
  /** How many different ones were met. */
  count = 0;
  private slots = new Int32Array(1024).fill(-1);
  private keys = new Uint32Array(512 * words);

  /** Number of the identity of a row, a new one if it wasn't met before. */
  add(identities: Uint32Array, row: number): number {
    const slot = this.slotOf(identities, row);
    const known = this.slots[slot]!;
    if (known >= 0) return known;
    const number = this.count++;
    if (number * words === this.keys.length) this.keys = grown(this.keys);
    for (let k = 0; k < words; k++) this.keys[number * words + k] = identities[row * words + k]!;
    this.slots[slot] = number;
    if (2 * this.count > this.slots.length) this.spread();
    return number;
  }

  has(identities: Uint32Array, row: number): boolean {
    return this.numberOf(identities, row) >= 0;
  }

  /** Number of the identity of a row, -1 if it was never met. */
  numberOf(identities: Uint32Array, row: number): number {
    return this.slots[this.slotOf(identities, row)]!;
  }

  /** The slot that holds a row's identity, or the empty one where it belongs. Digests need no further hashing. */
  private slotOf(identities: Uint32Array, row: number): number {
    const { slots, keys } = this;
    const last = slots.length - 1;
    const from = row * words;
    for (let slot = identities[from]! & last; ; slot = (slot + 1) & last) {
      const number = slots[slot]!;
      if (number < 0) return slot;
      let k = 0;
      while (k < words && keys[number * words + k] === identities[from + k]) k++;
      if (k === words) return slot;
    }
  }

  private spread(): void {
    this.slots = new Int32Array(2 * this.slots.length).fill(-1);
    for (let number = 0; number < this.count; number++) this.slots[this.slotOf(this.keys, number)] = number;
  }
}

/** A number for each of the rows that is equal for rows of one identity. */
export function numberIdentities(
  identities: Uint8Array,
  rows: Int32Array,
): { readonly numbers: Int32Array; readonly count: number } {
  const table = new IdentityTable();
  const words = identityWords(identities);
  const numbers = rows.map((row) => table.add(words, row));
  return { numbers, count: table.count };
}

/** The identities as four 32-bit words each, to look them up by. */
export function identityWords(identities: Uint8Array): Uint32Array {
  // A copy where words would lie across; Buffer's own slice makes none.
  const { buffer, byteOffset, length } =
    identities.byteOffset % 4 === 0 ? identities : Uint8Array.from(identities);
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function grown(keys: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * keys.length);
  larger.set(keys);
  return larger;
}
