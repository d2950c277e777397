import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model-proto.ts';
import { attributeTypes, elementTypes, graphName, irVersion, opsets, producer } from './model-proto.ts';
import type { Field } from './wire.ts';
import { MessageReader, WireError } from './wire.ts';

/**
 * Reads back what `encodeModel` writes. Unknown fields and values are refused by name; order and repetition aren't
 * checked here, because the caller encodes the result again and compares the bytes.
 * @throws WireError
 */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const graph: MutableGraph = { nodes: [], initializers: [], inputs: [], outputs: [] };
  const metadata: (readonly [string, string])[] = [];
  let opset = 0;
  const file = new MessageReader(bytes);
  for (const field of file.fields()) {
    if (field.number === 1) expectEqual(file, file.int(), irVersion, 'IR version');
    else if (field.number === 2) expectEqual(file, file.string(), producer, 'producer');
    else if (field.number === 7) decodeGraph(file.message(), graph);
    else if (field.number === 8) decodeOpset(file.message(), opset++);
    else if (field.number === 14) append(metadata, decodePair(file.message()), file);
    else refuse(field, 'model');
  }
  return { ...graph, metadata };
}

/** Most parts of one kind in a graph or node: small files must not become large objects. */
const maxParts = 100_000;

function append<T>(parts: T[], part: T, { offset }: MessageReader): void {
  if (parts.length === maxParts) throw new WireError(`more than ${maxParts} parts of one kind`, offset);
  parts.push(part);
}

interface MutableGraph {
  nodes: OnnxNode[];
  initializers: OnnxTensor[];
  inputs: OnnxValue[];
  outputs: OnnxValue[];
}

function decodeGraph(message: MessageReader, graph: MutableGraph): void {
  for (const field of message.fields()) {
    if (field.number === 1) append(graph.nodes, decodeNode(message.message()), message);
    else if (field.number === 2) expectEqual(message, message.string(), graphName, 'graph name');
    else if (field.number === 5) append(graph.initializers, decodeTensor(message.message()), message);
    else if (field.number === 11) append(graph.inputs, decodeValue(message.message()), message);
    else if (field.number === 12) append(graph.outputs, decodeValue(message.message()), message);
    else refuse(field, 'graph');
  }
}

function decodeOpset(message: MessageReader, index: number): void {
  const [domain, version] = opsets[index] ?? ['', 0];
  for (const field of message.fields()) {
    if (field.number === 1) expectEqual(message, message.string(), domain, 'operator domain');
    else if (field.number === 2) expectEqual(message, message.int(), version, 'operator set');
    else refuse(field, 'operator set');
  }
}

function decodePair(message: MessageReader): [string, string] {
  const pair: [string, string] = ['', ''];
  for (const field of message.fields()) {
    if (field.number === 1) pair[0] = message.string();
    else if (field.number === 2) pair[1] = message.string();
    else refuse(field, 'metadata');
  }
  return pair;
}

function decodeNode(message: MessageReader): OnnxNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: OnnxAttribute[] = [];
  let operator = '';
  let domain: OnnxNode['domain'] = '';
  for (const field of message.fields()) {
    if (field.number === 1) append(inputs, message.string(), message);
    else if (field.number === 2) append(outputs, message.string(), message);
    else if (field.number === 3) expectEqual(message, message.string(), outputs[0], 'node name');
    else if (field.number === 4) operator = message.string();
    else if (field.number === 5) append(attributes, decodeAttribute(message.message()), message);
    else if (field.number === 7) {
      expectEqual(message, message.string(), 'ai.onnx.ml', 'operator domain');
      domain = 'ai.onnx.ml';
    } else refuse(field, 'node');
  }
  if (outputs.length === 0) throw new WireError('a node has no output', message.offset);
  return { operator, domain, inputs, outputs, attributes };
}

function decodeAttribute(message: MessageReader): OnnxAttribute {
  let name = '';
  let value: Partial<AttributeValues> = {};
  let type = 0;
  const texts: string[] = [];
  for (const field of message.fields()) {
    if (field.number === 1) name = message.string();
    else if (field.number === 2) value = { float: message.float() };
    else if (field.number === 3) value = { int: message.int() };
    else if (field.number === 4) value = { string: message.string() };
    else if (field.number === 7) value = { floats: message.packedFloats() };
    else if (field.number === 8) value = { ints: message.packedInts() };
    else if (field.number === 9) texts.push(message.string());
    else if (field.number === 20) type = message.int();
    else refuse(field, 'attribute');
  }
  const { float, int, string, floats, ints } = value;
  if (type === attributeTypes.float && float !== undefined) return { name, kind: 'float', value: float };
  if (type === attributeTypes.int && int !== undefined) return { name, kind: 'int', value: int };
  if (type === attributeTypes.string && string !== undefined) return { name, kind: 'string', value: string };
  if (type === attributeTypes.floats && floats) return { name, kind: 'floats', value: floats };
  if (type === attributeTypes.ints && ints) return { name, kind: 'ints', value: ints };
  if (type === attributeTypes.strings) return { name, kind: 'strings', value: texts };
  throw new WireError(`attribute "${name}" has no value of its type`, message.offset);
}

interface AttributeValues {
  float: number;
  int: number;
  string: string;
  floats: Float32Array;
  ints: Int32Array;
}

function decodeTensor(message: MessageReader): OnnxTensor {
  let name = '';
  let dims: readonly number[] = [];
  let data: Float64Array = new Float64Array();
  let element: OnnxTensor['element'];
  for (const field of message.fields()) {
    if (field.number === 1) dims = [...message.packedInts()];
    else if (field.number === 2) element = decodeElement(message);
    else if (field.number === 8) name = message.string();
    else if (field.number === 9) data = decodeNumbers(message, element);
    else refuse(field, 'tensor');
  }
  if (dims.reduce((product, dim) => product * dim, 1) !== data.length)
    throw new WireError(
      `tensor "${name}" has ${data.length} numbers for the shape [${dims.join(', ')}]`,
      message.offset,
    );
  return { name, dims, data, ...(element && { element }) };
}

function decodeElement(message: MessageReader): OnnxTensor['element'] {
  const type = message.int();
  if (type === elementTypes.float) return 'float';
  if (type === elementTypes.int64) return 'int64';
  expectEqual(message, type, elementTypes.double, 'tensor type');
  return undefined;
}

function decodeNumbers(message: MessageReader, element: OnnxTensor['element']): Float64Array {
  if (element === 'float') return Float64Array.from(message.packedFloats());
  return element === 'int64' ? message.integers() : message.doubles();
}

function decodeValue(message: MessageReader): OnnxValue {
  let name = '';
  let doc = '';
  let type: Pick<OnnxValue, 'element' | 'columns'> = { element: 'float', columns: null };
  for (const field of message.fields()) {
    if (field.number === 1) name = message.string();
    else if (field.number === 2) type = decodeType(message.message());
    else if (field.number === 3) doc = message.string();
    else refuse(field, 'input or output');
  }
  return { name, doc, ...type };
}

/** TypeProto with one tensor type, whose shape is [N] or [N, columns]. */
function decodeType(message: MessageReader): Pick<OnnxValue, 'element' | 'columns'> {
  let element: OnnxValue['element'] = 'float';
  let columns: number | null = null;
  const tensor = only(message, 1, 'type');
  for (const field of tensor.fields()) {
    if (field.number === 1) element = elementOf(tensor.int());
    else if (field.number === 2) columns = decodeShape(tensor.message());
    else refuse(field, 'tensor type');
  }
  return { element, columns };
}

function elementOf(type: number): OnnxValue['element'] {
  if (type === elementTypes.string) return 'string';
  return type === elementTypes.double ? 'double' : 'float';
}

function decodeShape(shape: MessageReader): number | null {
  let columns: number | null = null;
  for (const field of shape.fields()) {
    if (field.number !== 1) refuse(field, 'shape');
    const dim = shape.message();
    for (const inner of dim.fields()) {
      if (inner.number === 1) columns = dim.int();
      else if (inner.number === 2) expectEqual(dim, dim.string(), 'N', 'dimension');
      else refuse(inner, 'dimension');
    }
  }
  return columns;
}

/** The message in the one field that `message` must have. */
function only(message: MessageReader, number: number, what: string): MessageReader {
  let found: MessageReader | null = null;
  for (const field of message.fields()) {
    if (field.number !== number) refuse(field, what);
    found = message.message();
  }
  if (found === null) throw new WireError(`a ${what} is empty`, message.offset);
  return found;
}

function expectEqual<T extends string | number>(
  { offset }: MessageReader,
  actual: T,
  expected: T | undefined,
  what: string,
): void {
  if (actual !== expected)
    throw new WireError(
      `${what} is ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`,
      offset,
    );
}

function refuse(field: Field, where: string): never {
  throw new WireError(`unexpected field ${field.number} in a ${where}`, field.offset);
}
