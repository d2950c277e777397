import { z } from 'zod';
import { taskSchema, type Task } from '../../contracts/task.ts';
import { derivedColumnSchema, type DerivedColumn } from '../derived/derived-column.ts';
import type { ComposedPredictor, EncodedPredictor, Member, ModelInput, Pipeline, Step } from '../pipeline.ts';
import { Attributes, GraphFault } from './attributes.ts';
import { readCalibration } from './calibration.ts';
import { readCombination } from './combination.ts';
import { readDense } from './dense.ts';
import { isDerivedName, valueNames } from './derived-graph.ts';
import { readEnsemble } from './ensemble-read.ts';
import type { LinkPrecision } from './ending.ts';
import { modelSchemas } from './graph.ts';
import { memberPrefix, takeMember } from './members.ts';
import type { OnnxModel, OnnxNode } from './model-proto.ts';
import { readNaiveBayes } from './naive-bayes.ts';
import { readNeighbours } from './neighbours.ts';
import { columnName, internal, outputNames } from './names.ts';

/** A pipeline, and how the file that holds it computes probabilities. */
export interface WrittenPipeline {
  readonly pipeline: Pipeline;
  readonly precision: LinkPrecision;
}

/**
 * The pipeline behind a graph that `graphOf` made. It takes what it needs and leaves it to the caller to check the
 * pipeline's rules and that `graphOf` gives this very graph again.
 * @throws GraphFault
 */
export function pipelineOf(model: OnnxModel): WrittenPipeline {
  const metadata = new Map(model.metadata);
  const written = metadata.get('schema');
  const schema = modelSchemas.find((known) => known === written);
  if (schema === undefined)
    throw new GraphFault(
      `its schema is ${written ?? 'missing'} instead of one of ${modelSchemas.join(', ')}`,
    );
  const task = taskSchema.safeParse(metadata.get('task'));
  if (!task.success) throw new GraphFault('its task is unknown');
  const inputs = model.inputs.map(({ name, doc }) => ({ name: columnName(name), type: readType(doc) }));
  const computed = metadata.get('derived');
  const derived = computed === undefined ? {} : { derived: readDerived(computed) };
  const names = valueNames({ inputs, ...derived });
  const read = new Map([...names].map(([name, value]) => [value, name]));
  const own = {
    ...model,
    nodes: model.nodes.filter(({ outputs }) => !isDerivedName(outputs[0] ?? '')),
    initializers: model.initializers.filter(({ name }) => !isDerivedName(name)),
  };
  const nameOf = (value: string): string => read.get(value) ?? columnName(value);
  const composed = readComposed(
    own,
    task.data,
    new Set([...model.inputs.map(({ name }) => name), ...read.keys()]),
    nameOf,
  );
  const pipeline: Pipeline = {
    task: task.data,
    classes: readClasses(metadata.get('classes') ?? ''),
    inputs,
    ...derived,
    steps: composed ? [] : readSteps(own.nodes, nameOf),
    predictor: composed ?? readPredictor(own),
  };
  return { pipeline, precision: schema === 'model/3' ? 'double' : 'float' };
}

/** The members and how they are put together; null for a model that stands alone. */
function readComposed(
  { nodes, initializers }: OnnxModel,
  task: Task,
  shared: ReadonlySet<string>,
  nameOf: (value: string) => string,
): ComposedPredictor | null {
  const members: Member[] = [];
  for (;;) {
    const graph = takeMember(members.length, nodes, initializers, shared);
    if (graph.nodes.length === 0) break;
    members.push({ steps: readSteps(graph.nodes, nameOf), predictor: readPredictor(graph) });
  }
  const [first, second] = members;
  if (!first) return null;
  const own = initializers.filter(({ name }) => members.every((_, m) => !name.startsWith(memberPrefix(m))));
  return second
    ? { kind: 'ensemble', members, combination: readCombination(task, own) }
    : { kind: 'calibrated', member: first, calibration: readCalibration(own) };
}

function readJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new GraphFault(`its ${what} are not JSON`);
  }
}

/** The graph's own nodes for these columns are compared with those that they give. */
function readDerived(json: string): DerivedColumn[] {
  const derived = z.array(derivedColumnSchema).min(1).safeParse(readJson(json, 'derived columns'));
  if (derived.success) return derived.data;
  throw new GraphFault('its derived columns have another form');
}

function readClasses(json: string): string[] {
  const classes = readJson(json, 'classes');
  if (Array.isArray(classes) && classes.every((label) => typeof label === 'string')) return classes;
  throw new GraphFault('its classes are not a list of texts');
}

const inputTypes: readonly ModelInput['type'][] = ['number', 'boolean', 'date', 'category'];

function readType(doc: string): ModelInput['type'] {
  const type = inputTypes.find((known) => known === doc);
  if (type === undefined) throw new GraphFault(`an input has the unknown type "${doc}"`);
  return type;
}

/** Walks the encoding nodes up to `model/features`; a graph without them has no steps. */
function readSteps(nodes: readonly OnnxNode[], nameOf: (value: string) => string): Step[] {
  const end = nodes.findIndex((node) => node.outputs[0] === `${internal}features`);
  const encoding = nodes.slice(0, Math.max(end, 0));
  return encoding.flatMap((node, i): Step[] => {
    if (node.operator === 'Concat') return readNumbers(node, nameOf, encoding[i + 1], encoding[i + 2]);
    if (node.operator === 'LabelEncoder')
      return [
        {
          kind: 'category',
          input: nameOf(node.inputs[0] ?? ''),
          levels: new Attributes(node).strings('keys_strings'),
          encoding: encoding[i + 1]?.operator === 'OneHotEncoder' ? 'one-hot' : 'code',
        },
      ];
    return [];
  });
}

function readNumbers(
  concat: OnnxNode,
  nameOf: (value: string) => string,
  next: OnnxNode | undefined,
  last: OnnxNode | undefined,
): Step[] {
  const imputer = next?.operator === 'Imputer' ? next : undefined;
  const scaler = (imputer ? last : next)?.operator === 'Scaler' ? (imputer ? last : next) : undefined;
  const impute = imputer && new Attributes(imputer).floats('imputed_value_floats');
  const offset = scaler && new Attributes(scaler).floats('offset');
  const scale = scaler && new Attributes(scaler).floats('scale');
  return concat.inputs.map((input, i): Step => {
    const imputed = impute?.[i] ?? NaN;
    return {
      kind: 'number',
      input: nameOf(input),
      impute: Number.isNaN(imputed) ? null : imputed,
      offset: offset?.[i] ?? 0,
      scale: scale?.[i] ?? 1,
    };
  });
}

function readPredictor({ nodes, initializers }: Pick<OnnxModel, 'nodes' | 'initializers'>): EncodedPredictor {
  const ensemble = nodes.find((node) => node.operator === 'TreeEnsembleRegressor');
  if (ensemble) {
    const isForest = nodes.some(
      ({ operator, outputs }) => operator === 'Identity' && outputs[0] === outputNames.probabilities,
    );
    const isExponential = nodes.some(({ operator }) => operator === 'Exp');
    return readEnsemble(
      new Attributes(ensemble),
      isForest ? 'means' : isExponential ? 'exponentials' : 'scores',
    );
  }
  const naiveBayes = readNaiveBayes(initializers);
  if (naiveBayes) return naiveBayes;
  const neighbours = readNeighbours(nodes, initializers);
  if (neighbours) return neighbours;
  if (initializers.length > 2) return readDense(nodes, initializers);
  const [first, second] = initializers;
  if (first && !second) return { kind: 'constant', outputs: first.data };
  if (!first || !second) throw new GraphFault('it holds no predictor');
  const width = first.dims[0] ?? 0;
  const outputs = second.data.length;
  const coefficients = new Float32Array(first.data.length);
  first.data.forEach((value, i) => (coefficients[(i % outputs) * width + Math.floor(i / outputs)] = value));
  return { kind: 'linear', width, coefficients, intercepts: Float32Array.from(second.data) };
}
