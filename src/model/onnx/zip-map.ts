import { graphsOf } from './interface.ts';
import { elementTypes } from './model-proto.ts';
import { MessageReader, MessageWriter } from './wire.ts';

/** A file without the node that turns probabilities into a sequence of maps, and the names that this gave them. */
export interface Unzipped {
  readonly model: Uint8Array;
  /** Names of the classes in the order of the probabilities; null where the file had no such node. */
  readonly names: readonly string[] | null;
}

interface ZipMap {
  readonly input: string;
  readonly output: string;
  readonly names: readonly string[];
}

/**
 * skl2onnx ends classifiers with a ZipMap (https://onnx.ai/onnx/operators/onnx_aionnxml_ZipMap.html), whose sequence of
 * maps onnxruntime for Node can't hand over: the tensor that goes into it is made the output in its place. All other
 * bytes stay as they are.
 * @throws WireError where the bytes are no ONNX file
 */
export function withoutZipMap(bytes: Uint8Array): Unzipped {
  const zip = findZipMap(bytes);
  if (zip === null) return { model: bytes, names: null };
  const model = rewrite(bytes, new MessageReader(bytes), (number, file) => {
    if (number !== 7) return null;
    const graph = rewrite(bytes, file.message(), (inner, reader) => {
      if (inner === 1 && readZipMap(reader.message())) return new Uint8Array(0);
      if (inner === 12 && nameOf(reader.message()) === zip.output)
        return new MessageWriter().message(12, floatTensor(zip.input)).finish();
      return null;
    });
    return new MessageWriter().bytes(7, graph).finish();
  });
  return { model, names: zip.names };
}

function findZipMap(bytes: Uint8Array): ZipMap | null {
  for (const graph of graphsOf(bytes))
    for (const { number } of graph.fields()) {
      if (number !== 1) {
        graph.skip();
        continue;
      }
      const found = readZipMap(graph.message());
      if (found) return found;
    }
  return null;
}

/** A message with some of its fields replaced: `replace` reads the field's value, and gives null to keep it. */
function rewrite(
  bytes: Uint8Array,
  message: MessageReader,
  replace: (number: number, message: MessageReader) => Uint8Array | null,
): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { number, offset } of message.fields()) {
    const value = message.offset;
    const replaced = replace(number, message);
    if (message.offset === value) message.skip();
    parts.push(replaced ?? bytes.subarray(offset, message.offset));
  }
  return new Uint8Array(Buffer.concat(parts));
}

function readZipMap(node: MessageReader): ZipMap | null {
  let [input, output, operator] = ['', '', ''];
  let names: readonly string[] = [];
  for (const { number } of node.fields()) {
    if (number === 1) input = node.string();
    else if (number === 2) output = node.string();
    else if (number === 4) operator = node.string();
    else if (number === 5 && operator === 'ZipMap') names = classLabels(node.message()) ?? names;
    else node.skip();
  }
  return operator === 'ZipMap' ? { input, output, names } : null;
}

/** Texts, or whole numbers as texts, of `classlabels_strings` or `classlabels_int64s`; null for other attributes. */
function classLabels(attribute: MessageReader): string[] | null {
  const names: string[] = [];
  let isLabels = false;
  for (const { number } of attribute.fields()) {
    if (number === 1) isLabels = attribute.string().startsWith('classlabels_');
    else if (isLabels && number === 9) names.push(attribute.string());
    else if (isLabels && number === 8) names.push(...attribute.signedInts());
    else attribute.skip();
  }
  return isLabels ? names : null;
}

function nameOf(value: MessageReader): string {
  for (const { number } of value.fields()) if (number === 1) return value.string();
  return '';
}

function floatTensor(name: string): MessageWriter {
  const tensor = new MessageWriter().int(1, elementTypes.float);
  return new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
}
