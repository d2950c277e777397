/**
 * The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding), as far as ONNX needs it:
 * varints of at most 53 bits, 32-bit fields and byte strings.
 */
export const wireTypes = { varint: 0, bytes: 2, fixed32: 5 } as const;

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Collects the fields of one message. */
export class MessageWriter {
  private buffer = new Uint8Array(256);
  private length = 0;

  /** A varint field; `value`: a whole number, 0 … 2^53 - 1. */
  int(field: number, value: number): this {
    return this.key(field, wireTypes.varint).varint(value);
  }

  float(field: number, value: number): this {
    this.key(field, wireTypes.fixed32).reserve(4);
    new DataView(this.buffer.buffer).setFloat32(this.length, value, true);
    this.length += 4;
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, utf8Encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.key(field, wireTypes.bytes).varint(value.length).reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  message(field: number, value: MessageWriter): this {
    return this.bytes(field, value.finish());
  }

  packedInts(field: number, values: ArrayLike<number>): this {
    const packed = new MessageWriter();
    for (let i = 0; i < values.length; i++) packed.varint(values[i]!);
    return this.message(field, packed);
  }

  packedFloats(field: number, values: Float32Array): this {
    return this.bytes(field, littleEndian(values));
  }

  /** The bytes so far. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private key(field: number, wireType: number): this {
    return this.varint(field * 8 + wireType);
  }

  private varint(value: number): this {
    this.reserve(8);
    let rest = value;
    while (rest > 127) {
      this.buffer[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
    return this;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(this.buffer.length * 2, this.length + bytes));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

/** Bytes that aren't what the reader expects; `offset` counts from the start of the file. */
export class WireError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'WireError';
    this.offset = offset;
  }
}

/** Reads the fields of one message; every read is checked against the message's end. */
export class MessageReader {
  /** Offset of the next byte in the file. */
  offset: number;
  private readonly file: Uint8Array;
  private readonly end: number;

  constructor(file: Uint8Array, start = 0, end = file.length) {
    this.file = file;
    this.offset = start;
    this.end = end;
  }

  /** The next field's number and wire type, or null at the message's end. */
  field(): { number: number; wireType: number } | null {
    if (this.offset === this.end) return null;
    const key = this.int();
    return { number: Math.floor(key / 8), wireType: key % 8 };
  }

  /** A varint of at most 53 bits in its shortest form. */
  int(): number {
    const start = this.offset;
    let value = 0;
    let weight = 1;
    for (let i = 0; i < 8; i++) {
      if (this.offset >= this.end) throw new WireError('the file ends inside a number', start);
      const byte = this.file[this.offset++]!;
      value += (byte & 127) * weight;
      if (byte < 128) {
        if ((byte === 0 && i > 0) || !Number.isSafeInteger(value)) break;
        return value;
      }
      weight *= 128;
    }
    throw new WireError('a number is too large or padded', start);
  }

  float(): number {
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  }

  /** A length-delimited field as a view of the file. */
  bytes(): Uint8Array {
    return this.take(this.int());
  }

  string(): string {
    const start = this.offset;
    try {
      return utf8Decoder.decode(this.bytes());
    } catch (error) {
      if (error instanceof WireError) throw error;
      throw new WireError('text is not UTF-8', start);
    }
  }

  /** A nested message. */
  message(): MessageReader {
    const length = this.int();
    const start = this.offset;
    this.take(length);
    return new MessageReader(this.file, start, start + length);
  }

  packedInts(): number[] {
    const packed = this.message();
    const values: number[] = [];
    while (packed.offset < packed.end) values.push(packed.int());
    return values;
  }

  packedFloats(): Float32Array {
    const start = this.offset;
    const bytes = this.bytes();
    if (bytes.length % 4 !== 0) throw new WireError('a list of numbers has a torn end', start);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
  }

  private take(length: number): Uint8Array {
    if (length > this.end - this.offset)
      throw new WireError('a field is longer than what holds it', this.offset);
    this.offset += length;
    return this.file.subarray(this.offset - length, this.offset);
  }
}

/** The values' bytes, least significant first. */
export function littleEndian(values: Float32Array | Float64Array): Uint8Array {
  const size = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++)
    if (size === 4) view.setFloat32(i * 4, values[i]!, true);
    else view.setFloat64(i * 8, values[i]!, true);
  return bytes;
}
