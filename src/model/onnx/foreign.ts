import { UserError } from '../../errors/user-error.ts';
import { producer } from './model-proto.ts';
import { MessageReader, WireError } from './wire.ts';

interface Format {
  readonly name: string;
  readonly magic: readonly number[];
  readonly at?: number;
}

const text = (value: string): number[] => [...new TextEncoder().encode(value)];

/** What `foreignFormat` calls a file that Git LFS keeps elsewhere. */
export const lfsPointer = 'a Git LFS pointer, not the model';

/** First bytes of formats that people take for a model file; those that can run code when loaded say so. */
const formats: readonly Format[] = [
  {
    name: 'a zip archive (PyTorch, Keras or NumPy), which can run code when loaded',
    magic: text('PK\u0003\u0004'),
  },
  {
    name: 'an HDF5 file (Keras .h5), which can run code when loaded',
    magic: [0x89, ...text('HDF\r\n\u001a\n')],
  },
  ...[2, 3, 4, 5].map((protocol) => ({
    name: 'a Python pickle (or joblib), which can run code when loaded',
    magic: [0x80, protocol],
  })),
  { name: 'a gzip file', magic: [0x1f, 0x8b] },
  { name: 'a zlib stream (joblib), which can run code when loaded', magic: [0x78, 0x9c] },
  { name: 'a TensorFlow Lite model', magic: text('TFL3'), at: 4 },
  { name: lfsPointer, magic: text('version https://git-lfs') },
  { name: 'a JSON document', magic: text('{') },
];

/** What a file is that people take for a model; null for what may be ONNX. */
export function foreignFormat(bytes: Uint8Array): string | null {
  return formats.find(({ magic, at = 0 }) => magic.every((byte, i) => bytes[at + i] === byte))?.name ?? null;
}

/** Refuses a file of another format, or of another tool, by name. */
export function refuseForeign(bytes: Uint8Array, file: string): void {
  const format = foreignFormat(bytes);
  if (format !== null)
    throw new UserError({
      code: 'MODEL_INVALID',
      message: `the file is ${format}; a model of this factory is an ONNX file`,
      at: { file },
      fix: 'Give the `model.onnx` of a release of this factory.',
    });
  const other = producerOf(bytes);
  if (other !== null && other !== producer)
    throw new UserError({
      code: 'MODEL_INVALID',
      message: `the file is an ONNX model written by ${JSON.stringify(other)}, not by ${producer}`,
      at: { file },
      fix: 'Score it with onnxruntime, or give the `model.onnx` of a release of this factory.',
    });
}

/** ModelProto.producer_name where it follows ir_version, as every known writer puts it; null for anything else. */
function producerOf(bytes: Uint8Array): string | null {
  const file = new MessageReader(bytes);
  try {
    for (const { number } of file.fields()) {
      if (number === 1) file.int();
      else if (number === 2) return file.string().slice(0, 80);
      else return null;
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return null;
}

/** True for a model that this factory wrote; another tool's is not read but given to onnxruntime. */
export function isOwnOnnx(bytes: Uint8Array): boolean {
  return producerOf(bytes) === producer;
}
