import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { filledWords } from '../../config/program.ts';
import { UserError } from '../../errors/user-error.ts';
import { featuresOf } from '../../model/pipeline.ts';
import { encodeRows } from '../../model/score.ts';
import { encodeTraining } from '../../training/fit.ts';
import { writeOnnx } from '../../model/onnx/write.ts';
import { deriveSeed, Random } from '../../numeric/random.ts';
import { setAside, type ValidationSplit } from '../../training/boosting/early-stopping.ts';
import { standardise } from '../../training/net/standardise.ts';
import { rowWeights } from '../../training/row-weights.ts';
import type { TrainingSet } from '../../training/trainer.ts';
import { inspectRows } from '../../training/training-rows.ts';
import { checkModel } from '../command/check-model.ts';
import type { CommandFit } from '../command/fit.ts';
import {
  fitInFolders,
  rowsOf,
  type FailedFit,
  type FittedProgram,
  type FitYield,
  type ProgramFit,
} from '../command/program-fit.ts';
import type { ProgramFolders } from '../command/program.ts';
import type { Prepared } from '../prepared.ts';
import { packLayers, type LayersModelFiles } from './archive.ts';
import { denseOfLayers } from './dense-of-layers.ts';
import { exchange, floatBytes, type TrainingWork } from './exchange.ts';
import { readLayersFile } from './layers-file.ts';
import { tensorflow, tensorflowParams, type TensorflowParams } from './params.ts';
import { layersCall, readAnswer, taskFiles } from './process.ts';
import { netOutputs, predictionsOfNet } from './scores.ts';

/**
 * Fits a net that the user's module builds, in a process of its own. The rows arrive encoded, so that the
 * pre-processing stays part of the released model.
 */
export function runLayersFit(
  prepared: Prepared,
  fit: CommandFit,
  onLine: (line: string) => void,
): Promise<FittedProgram | FailedFit> {
  return fitInFolders(fit.fold, () => beginFit(prepared, fit, onLine));
}

function beginFit(prepared: Prepared, fit: CommandFit, onLine: (line: string) => void): ProgramFit {
  const { dataset, folder } = prepared;
  const { task, classes } = dataset;
  const params = tensorflowParams.parse(fit.params);
  requireModule(params.module, folder);
  const { train, test } = rowsOf(prepared, fit);
  const { set, ...preprocessing } = encodeTraining(
    dataset,
    { train, seed: fit.seed },
    { encoding: 'standard' },
  );
  const { features } = set;
  const { classWeights, warnings } = inspect(set, params);
  const sides = sidesOf(set, params, fit.seed);
  const order = joined(sides.train, sides.validation);
  const x = stacked(set, order, encodeRows(preprocessing, dataset.table, test));
  const scale =
    task === 'regression' && params.scale_target
      ? standardise(set.y, sides.train)
      : { mean: 0, deviation: 1 };
  const work: TrainingWork = {
    kind: 'train',
    params,
    seed: fit.seed,
    task,
    classes: [...classes],
    names: features.map(({ name }) => name),
    classWeights,
    trainingRows: sides.train.length,
    validationRows: sides.validation.length,
  };
  const asked = { work, features: features.length, outputs: netOutputs(dataset), predictRows: test.length };
  const targets = Float32Array.from(order, (row) => (set.y[row]! - scale.mean) / scale.deviation);
  const title = filledWords(fit.program.run, fit.params).join(' ');
  return {
    files: { ...taskFiles(asked, x), [`in/${exchange.targets}`]: floatBytes(targets) },
    call: (folders) => layersCall(fit.program, folder, folders, title, onLine),
    take: (folders) => {
      const { epochs, warnings: said, predictions: values } = readAnswer(folders, title);
      const predictions = predictionsOfNet(values, test.length, dataset, scale);
      const common = { iterations: epochs, warnings: [...warnings, ...said] };
      if (fit.fold !== null)
        return Promise.resolve({ ...common, predictions, model: null, predictMsPer1k: null });
      const released = releaseOf({ ...savedIn(folders), preprocessing, scale });
      const predictMsPer1k = checkModel(prepared, fit.program, released.model, test, predictions);
      return Promise.resolve<FitYield>({
        ...common,
        predictions: new Float64Array(0),
        model: released.model,
        predictMsPer1k,
        warnings: [...common.warnings, ...released.warnings],
      });
    },
  };
}

/** @throws UserError TENSORFLOW_MODULE */
function requireModule(module: string, folder: string): void {
  const path = relative(folder, resolve(folder, module));
  const refuse = (what: string, fix: string): never => {
    throw new UserError({ code: 'TENSORFLOW_MODULE', message: `${module}: ${what}`, fix });
  };
  if (path.startsWith('..'))
    refuse('the module lies outside of the folder of the configuration', 'Move it there.');
  try {
    readFileSync(join(folder, path));
  } catch {
    refuse(
      'the module is not there',
      'Correct `module`; it is relative to the configuration, and git must track it.',
    );
  }
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Rows to learn from in the given order, then the rows to predict. */
function stacked({ x, features }: TrainingSet, order: Int32Array, test: Float32Array): Float32Array {
  const width = features.length;
  const all = new Float32Array(order.length * width + test.length);
  order.forEach((row, i) => all.set(x.subarray(row * width, (row + 1) * width), i * width));
  all.set(test, order.length * width);
  return all;
}

function sidesOf({ y, classes }: TrainingSet, params: TensorflowParams, seed: number): ValidationSplit {
  if (!params.early_stopping) return { train: Int32Array.from(y.keys()), validation: new Int32Array(0) };
  return setAside(y, classes, params.validation_fraction, new Random(deriveSeed(seed, 'validation')));
}

/** @throws UserError for rows that nothing can be learnt from */
function inspect(
  data: TrainingSet,
  params: TensorflowParams,
): { readonly classWeights: number[] | null; readonly warnings: readonly string[] } {
  const { classCounts, warnings } = inspectRows(data, tensorflow.name);
  const weights = rowWeights(data, params.class_weight, classCounts, tensorflow.name);
  const byClass = weights && Array.from(classCounts, (_, label) => weights[data.y.indexOf(label)] ?? 1);
  return { classWeights: byClass ?? null, warnings };
}

function savedIn({ out }: ProgramFolders): Pick<LayersModelFiles, 'topology' | 'weights'> {
  return {
    topology: readFileSync(join(out, exchange.topology), 'utf8'),
    weights: readFileSync(join(out, exchange.weights)),
  };
}

/** ONNX where every layer has a form there; else TensorFlow.js's own files. */
function releaseOf(files: LayersModelFiles): {
  readonly model: Uint8Array;
  readonly warnings: readonly string[];
} {
  const { topology, weights, preprocessing, scale } = files;
  const layers = readLayersFile(topology, weights, exchange.topology);
  const { task, steps } = preprocessing;
  const sizes = { features: featuresOf(steps).length, outputs: netOutputs(preprocessing) };
  const conversion = denseOfLayers(layers, { task, ...sizes, ...scale });
  if (conversion.kind === 'predictor')
    return { model: writeOnnx({ ...preprocessing, predictor: conversion.predictor }), warnings: [] };
  return {
    model: packLayers(files),
    warnings: [
      `The model has no ONNX form (${conversion.why}): it is released as model.tar, with TensorFlow.js's own files.`,
    ],
  };
}
