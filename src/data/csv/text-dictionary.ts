import { isUtf8 } from 'node:buffer';

/** Why a text was refused. */
export const NUL_BYTE = -1;
export const NOT_UTF8 = -2;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Distinct texts in the order of first appearance, kept as UTF-8 bytes in one buffer with a hash table of 32-bit
 * codes over it: about 12 bytes a text beside its own, and no JavaScript string per cell.
 */
export class TextDictionary {
  private bytes = new Uint8Array(0);
  /** Text `code` stands at `offsets[code] … offsets[code + 1]`. */
  private offsets = new Uint32Array(5);
  private hashes = new Int32Array(4);
  /** Slots hold code + 1; 0 = free. The length is a power of two, at most half full. */
  private slots = new Int32Array(8);
  private count = 0;

  /** Number of distinct texts. */
  get size(): number {
    return this.count;
  }

  /** The code of the text `source[start … end]`, added when it is new; NUL_BYTE or NOT_UTF8 when it can't be one. */
  add(source: Uint8Array, start: number, end: number): number {
    let hash = 0x811c9dc5 | 0;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i]!, 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    for (let entry = this.slots[slot]!; entry !== 0; entry = this.slots[slot]!) {
      if (this.hashes[entry - 1] === hash && this.equals(entry - 1, source, start, end)) return entry - 1;
      slot = (slot + 1) & mask;
    }
    return this.insert(source, start, end, hash, slot);
  }

  /** The text of a code. */
  text(code: number): string {
    return decoder.decode(this.utf8(code));
  }

  /** The UTF-8 bytes of a code's text: a view, not to be written to. */
  utf8(code: number): Uint8Array {
    return this.bytes.subarray(this.offsets[code], this.offsets[code + 1]);
  }

  /** Copies the UTF-8 bytes of a code's text to `target` from `at` on, which has room for them. */
  copy(code: number, target: Uint8Array, at: number): void {
    const from = this.offsets[code]!;
    const length = this.offsets[code + 1]! - from;
    for (let i = 0; i < length; i++) target[at + i] = this.bytes[from + i]!;
  }

  /** How many bytes a code's text has in UTF-8. */
  byteLength(code: number): number {
    return this.offsets[code + 1]! - this.offsets[code]!;
  }

  /** All texts by code. */
  all(): string[] {
    return Array.from({ length: this.count }, (_, code) => this.text(code));
  }

  private equals(code: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.offsets[code]!;
    const length = end - start;
    if (this.offsets[code + 1]! - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[from + i] !== source[start + i]) return false;
    return true;
  }

  private insert(source: Uint8Array, start: number, end: number, hash: number, slot: number): number {
    const fault = textFault(source, start, end);
    if (fault !== 0) return fault;
    const code = this.count++;
    const from = this.offsets[code]!;
    const to = from + end - start;
    if (to > this.bytes.length) this.bytes = grownBytes(this.bytes, to);
    this.bytes.set(source.subarray(start, end), from);
    if (this.count === this.hashes.length) {
      this.hashes = grownCopy(this.hashes, new Int32Array(this.count * 2));
      this.offsets = grownCopy(this.offsets, new Uint32Array(this.count * 2 + 1));
    }
    this.offsets[code + 1] = to;
    this.hashes[code] = hash;
    this.slots[slot] = this.count;
    if (this.count * 2 > this.slots.length) this.rehash();
    return code;
  }

  private rehash(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let code = 0; code < this.count; code++) {
      let slot = this.hashes[code]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = code + 1;
    }
    this.slots = slots;
  }
}

function textFault(source: Uint8Array, start: number, end: number): number {
  let high = 0;
  for (let i = start; i < end; i++) {
    const byte = source[i]!;
    if (byte === 0) return NUL_BYTE;
    high |= byte;
  }
  return high >= 0x80 && !isUtf8(source.subarray(start, end)) ? NOT_UTF8 : 0;
}

function grownBytes(bytes: Uint8Array, atLeast: number): Uint8Array<ArrayBuffer> {
  return grownCopy(bytes, new Uint8Array(Math.max(64, atLeast, Math.ceil(bytes.length * 1.5))));
}

function grownCopy<A extends Uint8Array | Int32Array | Uint32Array>(from: ArrayLike<number>, to: A): A {
  to.set(from);
  return to;
}
