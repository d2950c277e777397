import { formulaOf, textsOfColumn, type Computed, type DerivedColumn } from '../derived/derived-column.ts';
import type { Operand } from '../derived/formula.ts';
import { allSteps, type Pipeline } from '../pipeline.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { inputName, internal } from './names.ts';
import { cast, float, floats, learningNode, range, standardNode, string, strings } from './nodes.ts';

type Inputs = Pick<Pipeline, 'inputs' | 'derived'>;

const derivedPrefix = `${internal}derived`;
const singlePrefix = `${internal}single`;

/** Whether a value inside the graph belongs to the derived columns. */
export function isDerivedName(name: string): boolean {
  return name.startsWith(derivedPrefix) || name.startsWith(singlePrefix);
}

/**
 * Dates that a derived column reads: they enter the graph as doubles, because as float32 a date of our time is only good
 * to three minutes.
 */
export function doubleInputs({ inputs, derived = [] }: Inputs): ReadonlySet<string> {
  const read = new Set(derived.flatMap(({ sources }): readonly string[] => sources));
  return new Set(
    inputs.filter(({ name, type }) => type === 'date' && read.has(name)).map(({ name }) => name),
  );
}

/** The float or string value in the graph behind each name that a step may read. */
export function valueNames(pipeline: Inputs): ReadonlyMap<string, string> {
  const { inputs, derived = [] } = pipeline;
  const doubles = doubleInputs(pipeline);
  return new Map([
    ...inputs.map(({ name }, i): [string, string] => [
      name,
      doubles.has(name) ? `${singlePrefix}${i}` : inputName(name),
    ]),
    ...derived.map(({ name }, i): [string, string] => [name, `${derivedPrefix}${i}`]),
  ]);
}

export interface DerivedGraph {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
}

/** Nodes that compute the derived columns, and the single-precision form of double inputs that are steps themselves. */
export function derivedGraph(pipeline: Pipeline): DerivedGraph {
  const { inputs, derived = [] } = pipeline;
  const names = valueNames(pipeline);
  const doubles = doubleInputs(pipeline);
  const stepInputs = new Set(allSteps(pipeline).map(({ input }) => input));
  const constants = new Constants();
  const singles = inputs
    .filter(({ name }) => doubles.has(name) && stepInputs.has(name))
    .map(({ name }) => cast(inputName(name), names.get(name)!, 'float'));
  const computed = derived.flatMap((column): OnnxNode[] => {
    const result = names.get(column.name)!;
    if (column.kind === 'target-mean') return meanNodes(column, names.get(column.sources[0])!, result);
    return formulaNodes(column, result, constants, (source) =>
      doubles.has(source)
        ? { name: inputName(source), isDouble: true }
        : { name: names.get(source)!, isDouble: false },
    );
  });
  return { nodes: [...singles, ...computed], tensors: constants.tensors };
}

function meanNodes(
  { levels, means, other }: Extract<DerivedColumn, { kind: 'target-mean' }>,
  input: string,
  result: string,
): OnnxNode[] {
  return [
    learningNode('LabelEncoder', input, result, [
      strings('keys_strings', levels),
      floats('values_floats', means),
      float('default_float', other),
    ]),
  ];
}

/** The formula in doubles, then to float, NaN for what isn't finite, and to text where the column gives one. */
function formulaNodes(
  column: Computed,
  result: string,
  constants: Constants,
  sourceOf: (source: string) => { name: string; isDouble: boolean },
): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  const sources = column.sources.map((source, k) => {
    const { name, isDouble } = sourceOf(source);
    if (isDouble) return name;
    nodes.push(cast(name, `${result}.source${k}`, 'double'));
    return `${result}.source${k}`;
  });
  const step = (k: number): string => `${result}.step${k}`;
  const nameOf = (operand: Operand): string => {
    if (operand.kind === 'constant') return constants.row([operand.value]);
    return operand.kind === 'source' ? sources[operand.index]! : step(operand.index);
  };
  const { instructions } = formulaOf(column);
  instructions.forEach((instruction, k) => {
    const inputs = instruction.operands.map(nameOf);
    if (instruction.operator === 'Bin')
      nodes.push(...binNodes(inputs[0]!, instruction.edges, step(k), constants));
    else nodes.push(standardNode(instruction.operator, inputs, step(k)));
  });
  const texts = textsOfColumn(column);
  const finite = texts === null ? result : `${result}.finite`;
  nodes.push(
    cast(step(instructions.length - 1), `${result}.single`, 'float'),
    // 0, or NaN where the number isn't finite.
    standardNode('Sub', [`${result}.single`, `${result}.single`], `${result}.zero`),
    standardNode('Add', [`${result}.single`, `${result}.zero`], finite),
  );
  if (texts === null) return nodes;
  const keys = range(texts.texts.length).map((k) => texts.first + k);
  return [
    ...nodes,
    learningNode('LabelEncoder', finite, result, [
      floats('keys_floats', keys),
      strings('values_strings', texts.texts),
      string('default_string', ''),
    ]),
  ];
}

/** How many edges are at most the number: comparisons with all of them, added up. */
function binNodes(input: string, edges: readonly number[], result: string, constants: Constants): OnnxNode[] {
  return [
    standardNode('GreaterOrEqual', [input, constants.row(edges)], `${result}.reached`),
    cast(`${result}.reached`, `${result}.ones`, 'double'),
    standardNode('MatMul', [`${result}.ones`, constants.column(edges.map(() => 1))], result),
  ];
}

/** Constants of the graph, each once, named in the order of their first use. */
class Constants {
  readonly tensors: OnnxTensor[] = [];
  private readonly names = new Map<string, string>();

  /** 1 × n. */
  row(values: readonly number[]): string {
    return this.add([1, values.length], values);
  }

  /** n × 1. */
  column(values: readonly number[]): string {
    return this.add([values.length, 1], values);
  }

  private add(dims: readonly number[], values: readonly number[]): string {
    const key = JSON.stringify([dims, values]);
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = `${derivedPrefix}.constant${this.tensors.length}`;
    this.names.set(key, name);
    this.tensors.push({ name, dims, data: Float64Array.from(values) });
    return name;
  }
}
