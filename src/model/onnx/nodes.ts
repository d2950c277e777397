import type { OnnxAttribute, OnnxNode } from './model-proto.ts';
import { elementTypes } from './model-proto.ts';

/** A node of the standard operators. */
export function standardNode(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly OnnxAttribute[] = [],
): OnnxNode {
  return { operator, domain: '', inputs, outputs: [output], attributes };
}

/** A node of the machine-learning operators. */
export function learningNode(
  operator: string,
  input: string,
  output: string,
  attributes: readonly OnnxAttribute[],
): OnnxNode {
  return { operator, domain: 'ai.onnx.ml', inputs: [input], outputs: [output], attributes };
}

/** Changes the type of all numbers. */
export function cast(input: string, output: string, to: 'float' | 'double' | 'int64'): OnnxNode {
  return standardNode('Cast', [input], output, [int('to', elementTypes[to])]);
}

export function int(name: string, value: number): OnnxAttribute {
  return { name, kind: 'int', value };
}

export function float(name: string, value: number): OnnxAttribute {
  return { name, kind: 'float', value };
}

export function string(name: string, value: string): OnnxAttribute {
  return { name, kind: 'string', value };
}

export function ints(name: string, value: readonly number[]): OnnxAttribute {
  return { name, kind: 'ints', value };
}

export function floats(name: string, value: Iterable<number>): OnnxAttribute {
  return { name, kind: 'floats', value: Float32Array.from(value) };
}

export function strings(name: string, value: readonly string[]): OnnxAttribute {
  return { name, kind: 'strings', value };
}

/** 0, 1, …, n - 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}
