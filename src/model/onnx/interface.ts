import { MessageReader, WireError } from './wire.ts';

/** Types of tensors that a model may take or give, by TensorProto.DataType. */
const elements: Readonly<Record<number, TensorElement>> = {
  1: 'float',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  11: 'double',
};
export type TensorElement = 'float' | 'double' | 'int32' | 'int64' | 'string' | 'bool';

/** An input or output of a graph. */
export interface GraphValue {
  readonly name: string;
  /** `other`: a tensor of another type; `no-tensor`: a sequence, a map. */
  readonly element: TensorElement | 'other' | 'no-tensor';
  /** Sizes of its dimensions, null where any size goes; null where the file says nothing of them. */
  readonly shape: readonly (number | null)[] | null;
}

/** What another tool's ONNX file says that goes in and comes out. */
export interface GraphInterface {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

/**
 * Reads what an ONNX file says of its inputs and outputs, and nothing else of it. Weights that old files list among the
 * inputs are none.
 * @throws WireError where the bytes are no ONNX file
 */
export function interfaceOf(bytes: Uint8Array): GraphInterface {
  const inputs: GraphValue[] = [];
  const outputs: GraphValue[] = [];
  const weights = new Set<string>();
  for (const graph of graphsOf(bytes))
    for (const { number } of graph.fields()) {
      if (number === 5) weights.add(tensorName(graph.message()));
      else if (number === 11) inputs.push(readValue(graph.message()));
      else if (number === 12) outputs.push(readValue(graph.message()));
      else graph.skip();
    }
  if (inputs.length === 0 || outputs.length === 0) throw new WireError('it holds no graph', 0);
  return { inputs: inputs.filter(({ name }) => !weights.has(name)), outputs };
}

/** The graph of a model file, as an iterator of none or one. */
export function* graphsOf(bytes: Uint8Array): Generator<MessageReader> {
  const file = new MessageReader(bytes);
  for (const { number } of file.fields()) {
    if (number === 7) yield file.message();
    else file.skip();
  }
}

function tensorName(tensor: MessageReader): string {
  let name = '';
  for (const { number } of tensor.fields()) {
    if (number === 8) name = tensor.string();
    else tensor.skip();
  }
  return name;
}

function readValue(value: MessageReader): GraphValue {
  let name = '';
  let type: Omit<GraphValue, 'name'> = { element: 'no-tensor', shape: null };
  for (const { number } of value.fields()) {
    if (number === 1) name = value.string();
    else if (number === 2) type = readType(value.message());
    else value.skip();
  }
  return { name, ...type };
}

function readType(type: MessageReader): Omit<GraphValue, 'name'> {
  let element: GraphValue['element'] = 'no-tensor';
  let shape: GraphValue['shape'] = null;
  for (const { number } of type.fields()) {
    if (number !== 1) {
      type.skip();
      continue;
    }
    const tensor = type.message();
    for (const field of tensor.fields()) {
      if (field.number === 1) element = elements[tensor.int()] ?? 'other';
      else if (field.number === 2) shape = readShape(tensor.message());
      else tensor.skip();
    }
  }
  return { element, shape };
}

function readShape(shape: MessageReader): (number | null)[] {
  const sizes: (number | null)[] = [];
  for (const { number } of shape.fields()) {
    if (number !== 1) {
      shape.skip();
      continue;
    }
    const dimension = shape.message();
    let size: number | null = null;
    for (const field of dimension.fields()) {
      // Writers without symbolic sizes put 0 there, or -1.
      if (field.number === 1) size = Number(dimension.signedInts()[0]);
      else dimension.skip();
    }
    sizes.push(size !== null && size > 0 ? size : null);
  }
  return sizes;
}
