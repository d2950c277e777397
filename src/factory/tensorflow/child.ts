import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LayersModel, Tensor } from '@tensorflow/tfjs';
import { readDocument, writeDocument } from '../../contracts/document.ts';
import { UserError } from '../../errors/user-error.ts';
import { Random } from '../../numeric/random.ts';
import { buildModel, type Load } from './build-model.ts';
import {
  exchange,
  floatBytes,
  floatsOf,
  layersAnswer,
  layersTask,
  type LayersAnswer,
  type LayersTask,
  type TrainingWork,
} from './exchange.ts';
import { learn } from './learn.ts';
import { firstLine, loadLibrary, NativeMissing, onCpu, type Library, type Tf } from './library.ts';
import { readSaved, savedFiles } from './saved-model.ts';
import { say, sayError } from './say.ts';

type Outcome = LayersAnswer['outcome'];

/**
 * Body of the process that trains or asks a Layers model: reads its task from `FACTORY_IN`, writes what came of it to
 * `FACTORY_OUT`. It runs the user's module, so it has no token, and only the files of its two folders count.
 * @param load imports a module by its URL
 */
export async function serveLayers(load: Load): Promise<void> {
  const [input, output] = [process.env['FACTORY_IN'] ?? '', process.env['FACTORY_OUT'] ?? ''];
  const task = readDocument(layersTask, readFileSync(join(input, exchange.task), 'utf8'), exchange.task);
  let outcome: Outcome;
  try {
    outcome = await answer(task, input, output, load);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const code = error.code === 'TRAINING_FAILED' ? error.code : 'TENSORFLOW_MODULE';
    outcome = { kind: 'failed', code, message: error.message, fix: error.fix };
  }
  writeFileSync(
    join(output, exchange.answer),
    writeDocument(layersAnswer, { schema: 'layers-answer/1', outcome }),
  );
  // A module may have left timers or sockets behind.
  process.exit(0);
}

async function answer(task: LayersTask, input: string, output: string, load: Load): Promise<Outcome> {
  const x = floatsOf(readFileSync(join(input, exchange.features)));
  const { work } = task;
  const library = await libraryFor(work);
  takeOverCrashes();
  say(library.says);
  const attempt = async ({ tf }: Library): Promise<number> => {
    if (work.kind === 'train') return train(tf, task, work, x, input, output, load);
    const model = await readSaved(
      tf,
      readFileSync(join(input, exchange.topology), 'utf8'),
      readFileSync(join(input, exchange.weights)),
    );
    writePredictions(tf, model, task, x, output);
    return 0;
  };
  try {
    return { kind: 'done', epochs: await attempt(library), warnings: [...library.warnings] };
  } catch (error) {
    const lacking = /Kernel '(\w+)' not registered for backend 'wasm'/.exec(firstLine(error))?.[1];
    if (lacking === undefined) throw error;
    const warning = `The backend wasm of TensorFlow.js lacks ${lacking}: the slower backend cpu was taken. @tensorflow/tfjs-node is faster.`;
    say(warning);
    const slower = await onCpu(library);
    return { kind: 'done', epochs: await attempt(slower), warnings: [...library.warnings, warning] };
  }
}

/** What predicts runs no code of the repository: the library is the factory's own. */
async function libraryFor(work: LayersTask['work']): Promise<Library> {
  const wanted = work.kind === 'train' ? work.params.backend : 'wasm';
  try {
    return await loadLibrary(wanted, process.cwd());
  } catch (error) {
    if (!(error instanceof NativeMissing)) throw error;
    throw new UserError({
      code: 'TENSORFLOW_MODULE',
      message: `backend: native needs @tensorflow/tfjs-node, which can not be used: ${error.message}`,
      fix: 'Install it in an earlier step (npm install @tensorflow/tfjs-node), or write backend: auto.',
    });
  }
}

/** The library prints its own source, all in one line, with an error that nobody caught. */
function takeOverCrashes(): void {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => {
      sayError(error);
      process.exit(1);
    });
  }
}

async function train(
  tf: Tf,
  task: LayersTask,
  work: TrainingWork,
  x: Float32Array,
  input: string,
  output: string,
  load: Load,
): Promise<number> {
  // Initialisers, dropout and shuffling without a seed of their own draw from here.
  const random = new Random(work.seed);
  Math.random = () => random.next();
  const model = await buildModel(tf, task, work, load);
  const learnt = (work.trainingRows + work.validationRows) * task.features;
  const rows = {
    x: x.subarray(0, learnt),
    y: floatsOf(readFileSync(join(input, exchange.targets))),
    features: task.features,
  };
  const epochs = await learn(tf, model, rows, work, say);
  writePredictions(tf, model, task, x.subarray(learnt), output);
  for (const [name, content] of await savedFiles(tf, model)) writeFileSync(join(output, name), content);
  return epochs;
}

function writePredictions(
  tf: Tf,
  model: LayersModel,
  { features, predictRows }: LayersTask,
  x: Float32Array,
  output: string,
): void {
  const scored =
    predictRows === 0
      ? null
      : (model.predict(tf.tensor2d(x, [predictRows, features]), { batchSize: 1024 }) as Tensor);
  const values = Float32Array.from(scored?.dataSync() ?? []);
  writeFileSync(join(output, exchange.predictions), floatBytes(values));
}
