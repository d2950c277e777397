/**
 * The wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding), as far as ONNX needs it:
 * varints of at most 53 bits, 32-bit fields and byte strings. 64-bit fields are only passed over.
 */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

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
    this.buffer.set(littleEndian(Float32Array.of(value)), this.length);
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

export interface Field {
  readonly number: number;
  /** Where it begins in the file. */
  readonly offset: number;
}

/** Reads the fields of one message; every read is checked against the message's end. */
export class MessageReader {
  /** Offset of the next byte in the file. */
  offset: number;
  private readonly file: Uint8Array;
  private readonly end: number;
  /** Of the field that was announced last. */
  private wireType = -1;

  constructor(file: Uint8Array, start = 0, end = file.length) {
    this.file = file;
    this.offset = start;
    this.end = end;
  }

  /** The fields up to the message's end; the caller reads each value before it asks for the next field. */
  *fields(): Generator<Field> {
    while (this.offset < this.end) {
      const offset = this.offset;
      const key = this.varint();
      this.wireType = key % 8;
      yield { number: Math.floor(key / 8), offset };
    }
  }

  int(): number {
    this.expect(wireTypes.varint);
    return this.varint();
  }

  /** A varint of at most 53 bits in its shortest form. */
  private varint(): number {
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
    this.expect(wireTypes.fixed32);
    const bytes = this.take(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  }

  /** A length-delimited field as a view of the file. */
  bytes(): Uint8Array {
    this.expect(wireTypes.bytes);
    return this.take(this.varint());
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

  /** Passes over a field, whatever it holds; its numbers may be negative. */
  skip(): void {
    if (this.wireType === wireTypes.bytes) this.bytes();
    else if (this.wireType === wireTypes.fixed32) this.take(4);
    else if (this.wireType === wireTypes.fixed64) this.take(8);
    else if (this.wireType === wireTypes.varint) while (this.take(1)[0]! > 127);
    else throw new WireError(`wire type ${this.wireType}`, this.offset);
  }

  /** A nested message. */
  message(): MessageReader {
    const { length } = this.bytes();
    return new MessageReader(this.file, this.offset - length, this.offset);
  }

  /** Whole numbers below 2^31. */
  packedInts(): Int32Array {
    const packed = this.message();
    let count = 0;
    for (let i = packed.offset; i < packed.end; i++) if (this.file[i]! < 128) count++;
    const values = new Int32Array(count);
    for (let i = 0; packed.offset < packed.end; i++) {
      const start = packed.offset;
      const value = packed.varint();
      if (value > 0x7fffffff) throw new WireError('a number of a list is too large', start);
      values[i] = value;
    }
    return values;
  }

  /** One whole number or a packed list of them, negative ones too, as texts: 64 bits are more than a number holds. */
  signedInts(): string[] {
    const list = this.wireType === wireTypes.bytes ? this.message() : this;
    const values: string[] = [];
    do {
      let value = 0n;
      let byte = 128;
      for (let shift = 0n; byte > 127; shift += 7n) {
        byte = list.take(1)[0]!;
        value |= BigInt(byte & 127) << shift;
      }
      values.push(String(BigInt.asIntN(64, value)));
    } while (list !== this && list.offset < list.end);
    return values;
  }

  packedFloats(): Float32Array {
    const view = this.list(4);
    return Float32Array.from({ length: view.byteLength / 4 }, (_, i) => view.getFloat32(i * 4, true));
  }

  doubles(): Float64Array<ArrayBuffer> {
    const view = this.list(8);
    return Float64Array.from({ length: view.byteLength / 8 }, (_, i) => view.getFloat64(i * 8, true));
  }

  /** 64-bit whole numbers, as doubles. */
  integers(): Float64Array<ArrayBuffer> {
    const view = this.list(8);
    return Float64Array.from({ length: view.byteLength / 8 }, (_, i) =>
      Number(view.getBigInt64(i * 8, true)),
    );
  }

  private list(size: number): DataView {
    const start = this.offset;
    const bytes = this.bytes();
    if (bytes.length % size !== 0) throw new WireError('a list of numbers has a torn end', start);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  private expect(wireType: number): void {
    if (this.wireType !== wireType)
      throw new WireError(`wire type ${this.wireType} instead of ${wireType}`, this.offset);
  }

  private take(length: number): Uint8Array {
    if (length > this.end - this.offset)
      throw new WireError('a field is longer than what holds it', this.offset);
    this.offset += length;
    return this.file.subarray(this.offset - length, this.offset);
  }
}

/** The values' bytes, least significant first; every NaN has the same bits. */
export function littleEndian(values: Float32Array | Float64Array): Uint8Array {
  const size = values.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (size === 8) view.setFloat64(i * 8, value, true);
    else if (Number.isNaN(value)) view.setUint32(i * 4, 0x7fc00000, true);
    else view.setFloat32(i * 4, value, true);
  }
  return bytes;
}

/** Whole numbers as 64-bit integers, least significant byte first. */
export function littleEndianIntegers(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setBigInt64(i * 8, BigInt(value), true));
  return bytes;
}
