import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import type { LayersModel } from '@tensorflow/tfjs';
import { UserError } from '../../errors/user-error.ts';
import type { LayersTask, TrainingWork } from './exchange.ts';
import { firstLine, type Tf } from './library.ts';
import { sayError } from './say.ts';

const losses = {
  binary: 'binaryCrossentropy',
  multiclass: 'categoricalCrossentropy',
  regression: 'meanSquaredError',
} as const;

/**
 * The model that the user's module builds, compiled.
 * @throws UserError TENSORFLOW_MODULE
 */
export async function buildModel(
  tf: Tf,
  { features, outputs }: Pick<LayersTask, 'features' | 'outputs'>,
  { params, seed, task, classes, names }: TrainingWork,
  load: Load,
): Promise<LayersModel> {
  const file = params.module;
  const build = await importBuild(file, load);
  let model: unknown;
  try {
    model = await build({ tf, inputs: features, outputs, task, params, seed, classes, features: names });
  } catch (error) {
    // The stack goes to the log.
    sayError(error);
    throw refusal(
      file,
      `build failed: ${firstLine(error)}`,
      'Correct the module; the log holds where it happened.',
    );
  }
  const built = requireModel(tf, model, file);
  requireShape(built, 'input', features, file);
  requireShape(built, 'output', outputs, file);
  if ((built.optimizer as unknown) === undefined)
    built.compile({ optimizer: tf.train.adam(params.learning_rate), loss: losses[task] });
  return built;
}

/** Imports a module by its URL. */
export type Load = (url: string) => Promise<unknown>;
type Build = (given: Readonly<Record<string, unknown>>) => unknown;

async function importBuild(file: string, load: Load): Promise<Build> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await load(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    sayError(error);
    throw refusal(
      file,
      `the module can not be loaded: ${firstLine(error)}`,
      'Correct it. It runs as it is: write it in JavaScript, and install what it imports.',
    );
  }
  const build = module['default'];
  if (typeof build === 'function') return build as Build;
  const others = Object.keys(module).filter((name) => name !== 'default');
  throw refusal(
    file,
    `the module has no function as default export${others.length > 0 ? ` (it exports ${others.join(', ')})` : ''}`,
    'Write: export default function build({ tf, inputs, outputs, task, params }) { … return model; }',
  );
}

function requireModel(tf: Tf, model: unknown, file: string): LayersModel {
  if (model instanceof tf.LayersModel) return model;
  if (model !== null && typeof model === 'object' && 'layers' in model)
    throw refusal(
      file,
      'build returned a model of another copy of TensorFlow.js',
      'Use the `tf` that build is given, and import no TensorFlow.js in the module.',
    );
  throw refusal(
    file,
    `build returned ${model === undefined ? 'nothing' : `no model but ${typeof model}`}`,
    'Return a Layers model, such as tf.sequential({ layers: […] }).',
  );
}

function requireShape(model: LayersModel, side: 'input' | 'output', width: number, file: string): void {
  const tensors = side === 'input' ? model.inputs : model.outputs;
  const shapes = tensors.map(({ shape }) => `[${shape.map((size) => size ?? 'rows').join(', ')}]`);
  if (tensors.length === 1 && tensors[0]!.shape.length === 2 && tensors[0]!.shape[1] === width) return;
  throw refusal(
    file,
    `the model's ${side} has the shape ${shapes.join(' and ')} instead of [rows, ${width}]`,
    side === 'input'
      ? 'Begin with inputShape: [inputs]; reshape inside the model where a layer needs another shape.'
      : 'End with a dense layer of units: outputs; activation sigmoid for two classes, softmax for more, linear for a number.',
  );
}

function refusal(file: string, what: string, fix: string): UserError {
  return new UserError({ code: 'TENSORFLOW_MODULE', message: `${file}: ${what}`, fix });
}
