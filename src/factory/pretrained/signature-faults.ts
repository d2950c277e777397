import type { GivenModel } from '../../config/pretrained.ts';
import { nearest } from '../../config/nearest.ts';
import type { Fault } from '../../errors/user-error.ts';
import type { GraphInterface, GraphValue } from '../../model/onnx/interface.ts';
import { withoutZipMap } from '../../model/onnx/zip-map.ts';
import type { ModelInput, Pipeline } from '../../model/pipeline.ts';
import type { Dataset } from '../../training/dataset.ts';
import { columnFor, isMatrix, openInterface } from './signature.ts';

/** The data that a model has to fit. */
export type FittingData = Pick<Dataset, 'task' | 'classes' | 'inputs' | 'table'> & {
  readonly target: string;
};

type Faulty = (message: string, fix: string, name?: string) => Fault;

const numbers = ['float', 'double', 'int32', 'int64'];
/** Types of tensors that a column goes into; the first ones are what an export usually has. */
const fitting: Readonly<Record<ModelInput['type'], readonly string[]>> = {
  number: numbers,
  date: numbers,
  boolean: [...numbers, 'bool'],
  category: ['string'],
};

/** Every way in which a pre-trained model doesn't fit the data: what was expected, and what was found. */
export function signatureFaults(bytes: Uint8Array, given: GivenModel, data: FittingData): Fault[] {
  const fault: Faulty = (message, fix, name) => {
    return { code: 'MODEL_SIGNATURE', message, at: { file: given.model, name }, fix };
  };
  const known = openInterface(bytes, given.model);
  if (known.kind === 'own') return ownFaults(known.pipeline, given, data, fault);
  return [
    ...inputFaults(known.graph, given, data, fault),
    ...(data.task === 'regression'
      ? regressionFaults(known.graph, given, bytes, fault)
      : classFaults(known.graph, given, bytes, data, fault)),
  ];
}

/** A model of this factory says all of itself. */
function ownFaults(pipeline: Pipeline, given: GivenModel, data: FittingData, fault: Faulty): Fault[] {
  const faults = (['columns', 'classes'] as const)
    .filter((key) => given[key] !== null)
    .map((key) => fault(`a model of this factory says its ${key} itself`, `Remove \`${key}\`.`));
  if (pipeline.task !== data.task)
    return [...faults, fault(`it is for the task ${pipeline.task}, and this is ${data.task}`, otherModel)];
  if (pipeline.classes.join('\n') !== data.classes.join('\n'))
    faults.push(otherClasses(pipeline, data, fault));
  for (const { name, type } of pipeline.inputs) {
    const own = data.inputs.find((input) => input.name === name);
    if (!own) faults.push(noColumn(name, data, fault));
    else if (own.type !== type)
      faults.push(
        fault(
          `its input "${name}" is a ${type}, and the column is a ${own.type}`,
          `Write data.types, or name another model.`,
          name,
        ),
      );
  }
  return faults;
}

function inputFaults(
  { inputs }: GraphInterface,
  given: GivenModel,
  data: FittingData,
  fault: Faulty,
): Fault[] {
  const { columns } = given;
  const [matrix] = inputs;
  if (columns === null || !matrix) return inputs.flatMap((input) => columnFaults(input, null, data, fault));
  if (!isMatrix({ inputs }, given)) {
    if (inputs.length === columns.length)
      return inputs.flatMap((input, i) => columnFaults(input, columns[i]!, data, fault));
    const names = inputs.map(({ name }) => name).join(', ');
    return [
      fault(
        `it has ${inputs.length} inputs (${names}), and columns names ${columns.length}`,
        'Name one column for each input, in that order, or none where the inputs have the names of the columns.',
      ),
    ];
  }
  const width = matrix.shape?.[1] ?? null;
  const faults = shapeFaults(matrix, fault);
  if (width !== null && width !== columns.length)
    faults.push(
      fault(
        `its matrix "${matrix.name}" takes ${width} columns, and columns names ${columns.length}`,
        'Name the columns that it was trained on, in that order.',
        matrix.name,
      ),
    );
  for (const name of columns) {
    const own = data.inputs.find((input) => input.name === name);
    faults.push(...(own ? cellFaults(own, matrix, data, fault) : [noColumn(name, data, fault)]));
  }
  return faults;
}

/** An input that takes one column, that of its name or the one that is named for it: [N, 1] or [N]. */
function columnFaults(input: GraphValue, given: string | null, data: FittingData, fault: Faulty): Fault[] {
  const { name, shape } = input;
  const own =
    given === null ? columnFor(name, data.inputs) : data.inputs.find((column) => column.name === given);
  const width = shape?.[1] ?? null;
  if (width !== null && width > 1)
    return [
      fault(
        `its input "${name}" is a matrix of ${width} columns, ${shapeOf(shape)}, and nothing says which`,
        `Name them in the order of its training: columns: [${data.inputs
          .slice(0, 2)
          .map((column) => column.name)
          .join(', ')}, …].`,
        name,
      ),
    ];
  if (!own) return [...shapeFaults(input, fault), noColumn(given ?? name, data, fault)];
  return [...shapeFaults(input, fault), ...cellFaults(own, input, data, fault)];
}

function shapeFaults({ name, shape }: GraphValue, fault: Faulty): Fault[] {
  if (shape === null) return [];
  const [rows = null] = shape;
  if (shape.length === 0 || shape.length > 2)
    return [
      fault(
        `its input "${name}" has the shape ${shapeOf(shape)}; [N, 1], [N] or a matrix [N, F] was expected`,
        'Only models of tables can be scored.',
        name,
      ),
    ];
  if (rows === null) return [];
  return [
    fault(
      `its input "${name}" takes exactly ${rows === 1 ? '1 row' : `${rows} rows`}, ${shapeOf(shape)}; any number was expected`,
      'Export it with a dynamic first axis (skl2onnx: [None, 1]; torch.onnx: dynamic_axes).',
      name,
    ),
  ];
}

/** Whether a column's values go into a tensor of that type. */
function cellFaults(
  own: ModelInput,
  { name, element }: GraphValue,
  data: FittingData,
  fault: Faulty,
): Fault[] {
  const { table } = data;
  const allowed = fitting[own.type];
  if (!allowed.includes(element))
    return [
      fault(
        `its input "${name}" is ${element}, but the column "${own.name}" holds ${own.type === 'category' ? 'text' : `values of the type ${own.type}`}; ${allowed.join(', ')} was expected`,
        own.type === 'category'
          ? 'Let the model encode the text itself (skl2onnx: a pipeline with OneHotEncoder and StringTensorType).'
          : element === 'string'
            ? `If the column holds names, write data.types: { ${own.name}: categorical }.`
            : 'Export it with float inputs.',
        own.name,
      ),
    ];
  const column = table.columns.find((each) => each.name === own.name);
  if (element === 'float' || element === 'double' || !column || column.kind === 'categorical') return [];
  const at = column.values.findIndex((value) => !Number.isInteger(value));
  if (at < 0) return [];
  const found = Number.isNaN(column.values[at]) ? 'a missing value' : String(column.values[at]);
  return [
    fault(
      `its input "${name}" is ${element}, but the column "${own.name}" holds ${found}; whole numbers were expected`,
      'Export it with a float input, and let the model fill missing values.',
      own.name,
    ),
  ];
}

function noColumn(name: string, { inputs, target }: FittingData, fault: Faulty): Fault {
  const names = inputs.map((input) => input.name);
  const close = nearest(name, names);
  return fault(
    name === target
      ? `it takes "${name}", the target: a model that is told the answer`
      : `it takes "${name}", which is no feature of the data`,
    `Features: ${names.slice(0, 20).join(', ')}.${close === undefined || close === name ? '' : ` Did it mean "${close}"?`} What stands under drop, key, time or group is none. Where only the names differ, say in the order of its inputs: columns: […].`,
    name,
  );
}

const otherModel = 'Name another model.';

function regressionFaults(
  { outputs }: GraphInterface,
  given: GivenModel,
  bytes: Uint8Array,
  fault: Faulty,
): Fault[] {
  const names = withoutZipMap(bytes).names;
  if (names !== null || given.classes !== null)
    return [
      fault(
        `it tells classes apart (${(given.classes ?? names ?? []).join(', ')}), and the task is regression`,
        otherModel,
      ),
    ];
  const numbered = outputs.some((output) => isFloat(output) && (output.shape?.[1] ?? 1) === 1);
  return numbered ? [] : [noOutput(outputs, 'one number a row, a float tensor [N, 1]', fault)];
}

function classFaults(
  { outputs }: GraphInterface,
  given: GivenModel,
  bytes: Uint8Array,
  data: FittingData,
  fault: Faulty,
): Fault[] {
  const { classes } = data;
  const zipped = withoutZipMap(bytes).names;
  const names = given.classes ?? zipped;
  const wide = outputs.some(
    (output) => isFloat(output) && (output.shape?.[1] ?? classes.length) === classes.length,
  );
  const faults: Fault[] = [];
  if (zipped === null && !wide)
    faults.push(
      noOutput(
        outputs,
        `probabilities, a float tensor [N, ${classes.length}] or skl2onnx's sequence of maps`,
        fault,
      ),
    );
  if (names !== null) {
    if ([...names].sort().join('\n') !== [...classes].sort().join('\n'))
      faults.push(otherClasses({ classes: names }, data, fault));
  } else if (
    !outputs.some(({ element }) => element === 'string' || element === 'int64' || element === 'int32')
  )
    faults.push(
      fault(
        'it does not say which class its probabilities belong to',
        `Say it in their order: classes: [${classes.map((name) => JSON.stringify(name)).join(', ')}].`,
      ),
    );
  return faults;
}

const isFloat = ({ element }: GraphValue): boolean => element === 'float' || element === 'double';

function otherClasses({ classes }: Pick<Pipeline, 'classes'>, data: FittingData, fault: Faulty): Fault {
  return fault(
    `its classes are ${classes.join(', ')}; the data's are ${data.classes.join(', ')}`,
    'If they mean the same, say in the order of its probabilities which is which: classes: ' +
      `[${data.classes.map((name) => JSON.stringify(name)).join(', ')}].`,
  );
}

function noOutput(outputs: readonly GraphValue[], expected: string, fault: Faulty): Fault {
  const found = outputs.map(
    ({ name, element, shape }) => `${name} (${element}${shape ? ` ${shapeOf(shape)}` : ''})`,
  );
  return fault(`it gives ${found.join(', ')}; ${expected} was expected`, 'Export it with such an output.');
}

function shapeOf(shape: readonly (number | null)[] | null): string {
  return `[${(shape ?? []).map((size) => size ?? 'N').join(', ')}]`;
}
