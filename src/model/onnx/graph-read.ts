import { taskSchema } from '../../contracts/task.ts';
import type { ModelInput, Pipeline, Predictor, Step } from '../pipeline.ts';
import { Attributes, GraphFault } from './attributes.ts';
import { readDense } from './dense.ts';
import { readEnsemble } from './ensemble-read.ts';
import { modelSchema } from './graph.ts';
import type { OnnxModel, OnnxNode } from './model-proto.ts';
import { readNaiveBayes } from './naive-bayes.ts';
import { readNeighbours } from './neighbours.ts';
import { columnName, internal, outputNames } from './names.ts';

/**
 * The pipeline behind a graph that `graphOf` made. It takes what it needs and leaves it to the caller to check the
 * pipeline's rules and that `graphOf` gives this very graph again.
 * @throws GraphFault
 */
export function pipelineOf(model: OnnxModel): Pipeline {
  const metadata = new Map(model.metadata);
  const schema = metadata.get('schema');
  if (schema !== modelSchema)
    throw new GraphFault(`its schema is ${schema ?? 'missing'} instead of ${modelSchema}`);
  const task = taskSchema.safeParse(metadata.get('task'));
  if (!task.success) throw new GraphFault('its task is unknown');
  return {
    task: task.data,
    classes: readClasses(metadata.get('classes') ?? ''),
    inputs: model.inputs.map(({ name, doc }) => ({ name: columnName(name), type: readType(doc) })),
    steps: readSteps(model.nodes),
    predictor: readPredictor(model),
  };
}

function readClasses(json: string): string[] {
  let classes: unknown;
  try {
    classes = JSON.parse(json);
  } catch {
    throw new GraphFault('its classes are not JSON');
  }
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
function readSteps(nodes: readonly OnnxNode[]): Step[] {
  const end = nodes.findIndex((node) => node.outputs[0] === `${internal}features`);
  const encoding = nodes.slice(0, Math.max(end, 0));
  return encoding.flatMap((node, i): Step[] => {
    if (node.operator === 'Concat') return readNumbers(node, encoding[i + 1], encoding[i + 2]);
    if (node.operator === 'LabelEncoder')
      return [
        {
          kind: 'category',
          input: columnName(node.inputs[0] ?? ''),
          levels: new Attributes(node).strings('keys_strings'),
          encoding: encoding[i + 1]?.operator === 'OneHotEncoder' ? 'one-hot' : 'code',
        },
      ];
    return [];
  });
}

function readNumbers(concat: OnnxNode, next: OnnxNode | undefined, last: OnnxNode | undefined): Step[] {
  const imputer = next?.operator === 'Imputer' ? next : undefined;
  const scaler = (imputer ? last : next)?.operator === 'Scaler' ? (imputer ? last : next) : undefined;
  const impute = imputer && new Attributes(imputer).floats('imputed_value_floats');
  const offset = scaler && new Attributes(scaler).floats('offset');
  const scale = scaler && new Attributes(scaler).floats('scale');
  return concat.inputs.map((input, i): Step => {
    const imputed = impute?.[i] ?? NaN;
    return {
      kind: 'number',
      input: columnName(input),
      impute: Number.isNaN(imputed) ? null : imputed,
      offset: offset?.[i] ?? 0,
      scale: scale?.[i] ?? 1,
    };
  });
}

function readPredictor({ nodes, initializers }: OnnxModel): Predictor {
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
