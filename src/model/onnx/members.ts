import { int, standardNode, cast } from './nodes.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { internal, outputNames, scores } from './names.ts';
import type { Link } from '../pipeline.ts';

/** The graph of a member within that of the whole, and the value that holds its outputs in double. */
export interface PlacedMember {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
  /** Its scores in double; for a member without scores its outputs. */
  readonly scores: string;
}

/** Prefix of the values of a member. */
export function memberPrefix(member: number): string {
  return `${internal}member${member}/`;
}

const values = new Set<string>(Object.values(outputNames));

/**
 * Puts a member's graph beside the others: values inside get a prefix of their own, and
 * nothing but the whole has labels.
 * @param shared inputs of the graph and columns that are computed before the steps
 */
export function placeMember(
  member: number,
  nodes: readonly OnnxNode[],
  tensors: readonly OnnxTensor[],
  shared: ReadonlySet<string>,
): PlacedMember {
  const prefix = memberPrefix(member);
  const place = (name: string): string =>
    shared.has(name)
      ? name
      : name.startsWith(internal)
        ? prefix + name.slice(internal.length)
        : values.has(name)
          ? prefix + name
          : name;
  const kept = nodes.filter(({ outputs }) => !isLabel(outputs[0]!));
  const raw = kept.find(({ outputs }) => outputs[0] === scores)?.outputs[0] ?? `${internal}repeated`;
  const exact = `${prefix}exact`;
  return {
    nodes: [
      ...kept.map((node) => ({ ...node, inputs: node.inputs.map(place), outputs: node.outputs.map(place) })),
      cast(place(raw), exact, 'double'),
    ],
    tensors: tensors.map((tensor) => ({ ...tensor, name: place(tensor.name) })),
    scores: exact,
  };
}

/** Nodes and constants of a member as they stood before `placeMember`. */
export function takeMember(
  member: number,
  nodes: readonly OnnxNode[],
  tensors: readonly OnnxTensor[],
  shared: ReadonlySet<string>,
): { nodes: OnnxNode[]; initializers: OnnxTensor[] } {
  const prefix = memberPrefix(member);
  const back = (name: string): string => {
    if (shared.has(name) || !name.startsWith(prefix)) return name;
    const rest = name.slice(prefix.length);
    return values.has(rest) ? rest : internal + rest;
  };
  return {
    nodes: nodes
      .filter(({ outputs }) => outputs[0]!.startsWith(prefix))
      .map((node) => ({ ...node, inputs: node.inputs.map(back), outputs: node.outputs.map(back) })),
    initializers: tensors
      .filter(({ name }) => name.startsWith(prefix))
      .map((tensor) => ({ ...tensor, name: back(tensor.name) })),
  };
}

function isLabel(name: string): boolean {
  return name === outputNames.label || name === `${internal}class`;
}

/** From a member's scores to its outputs, in double. The last node gives them; there is none where they are the same. */
export function linkNodes(input: string, prefix: string, link: Link): OnnxNode[] {
  switch (link) {
    case 'identity':
      return [];
    case 'exponential':
      return [cast(prefix + outputNames.variable, `${prefix}outputs`, 'double')];
    case 'softmax':
      return [standardNode('Softmax', [input], `${prefix}outputs`, [int('axis', 1)])];
    case 'logistic':
      return [...marginNodes(input, prefix), standardNode('Sigmoid', [`${prefix}both`], `${prefix}outputs`)];
  }
}

/** -score and score side by side. */
export function marginNodes(input: string, prefix: string): OnnxNode[] {
  return [
    standardNode('Neg', [input], `${prefix}opposite`),
    standardNode('Concat', [`${prefix}opposite`, input], `${prefix}both`, [int('axis', 1)]),
  ];
}
