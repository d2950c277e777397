import { littleEndian, littleEndianIntegers, MessageWriter } from './wire.ts';

/**
 * The part of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that our models use, as values.
 * Field numbers stand in the encoder below and in `decode.ts`.
 */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** Its name is that of its first output. */
export interface OnnxNode {
  readonly operator: string;
  readonly domain: '' | 'ai.onnx.ml';
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly OnnxAttribute[];
}

export type OnnxAttribute = { readonly name: string } & (
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats'; readonly value: Float32Array }
  | { readonly kind: 'ints'; readonly value: ArrayLike<number> }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
);

/** Constants, row-major; `element` says as what they stand in the file, doubles unless it is given. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float64Array;
  readonly element?: 'float' | 'int64';
}

/** A graph input or output of `N` rows; `columns: null` = one dimension only. */
export interface OnnxValue {
  readonly name: string;
  readonly element: 'float' | 'double' | 'string';
  readonly columns: number | null;
  readonly doc: string;
}

export const producer = 'model-factory';
export const irVersion = 8;
export const opsets = [
  ['', 17],
  ['ai.onnx.ml', 3],
] as const;
export const graphName = 'pipeline';

/** AttributeProto.AttributeType. */
export const attributeTypes = { float: 1, int: 2, string: 3, floats: 6, ints: 7, strings: 8 } as const;
/** TensorProto.DataType. */
export const elementTypes = { float: 1, int64: 7, string: 8, double: 11 } as const;

/** Serialises a model: fields in ascending order, so that equal models give equal bytes. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const file = new MessageWriter().int(1, irVersion).string(2, producer).message(7, encodeGraph(model));
  for (const [domain, version] of opsets)
    file.message(8, new MessageWriter().string(1, domain).int(2, version));
  for (const [key, value] of model.metadata)
    file.message(14, new MessageWriter().string(1, key).string(2, value));
  return file.finish();
}

function encodeGraph({ nodes, initializers, inputs, outputs }: OnnxModel): MessageWriter {
  const graph = new MessageWriter();
  for (const node of nodes) graph.message(1, encodeNode(node));
  graph.string(2, graphName);
  for (const tensor of initializers) graph.message(5, encodeTensor(tensor));
  for (const input of inputs) graph.message(11, encodeValue(input));
  for (const output of outputs) graph.message(12, encodeValue(output));
  return graph;
}

function encodeNode({ operator, domain, inputs, outputs, attributes }: OnnxNode): MessageWriter {
  const node = new MessageWriter();
  for (const input of inputs) node.string(1, input);
  for (const output of outputs) node.string(2, output);
  node.string(3, outputs[0]!).string(4, operator);
  for (const attribute of attributes) node.message(5, encodeAttribute(attribute));
  return domain === '' ? node : node.string(7, domain);
}

function encodeAttribute(attribute: OnnxAttribute): MessageWriter {
  const message = new MessageWriter().string(1, attribute.name);
  switch (attribute.kind) {
    case 'float':
      message.float(2, attribute.value);
      break;
    case 'int':
      message.int(3, attribute.value);
      break;
    case 'string':
      message.string(4, attribute.value);
      break;
    case 'floats':
      message.packedFloats(7, attribute.value);
      break;
    case 'ints':
      message.packedInts(8, attribute.value);
      break;
    case 'strings':
      for (const value of attribute.value) message.string(9, value);
  }
  return message.int(20, attributeTypes[attribute.kind]);
}

function encodeTensor({ name, dims, data, element }: OnnxTensor): MessageWriter {
  const stored = element === 'float' ? Float32Array.from(data) : data;
  return new MessageWriter()
    .packedInts(1, dims)
    .int(2, elementTypes[element ?? 'double'])
    .string(8, name)
    .bytes(9, element === 'int64' ? littleEndianIntegers(data) : littleEndian(stored));
}

function encodeValue({ name, element, columns, doc }: OnnxValue): MessageWriter {
  const shape = new MessageWriter().message(1, new MessageWriter().string(2, 'N'));
  if (columns !== null) shape.message(1, new MessageWriter().int(1, columns));
  const tensor = new MessageWriter().int(1, elementTypes[element]).message(2, shape);
  const value = new MessageWriter().string(1, name).message(2, new MessageWriter().message(1, tensor));
  return doc === '' ? value : value.string(3, doc);
}
