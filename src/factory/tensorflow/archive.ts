import { z } from 'zod';
import { defineDocument, readDocument, writeDocument } from '../../contracts/document.ts';
import { UserError } from '../../errors/user-error.ts';
import { packFiles, unpackFiles } from '../../model/archive.ts';
import { readOnnx } from '../../model/onnx/read.ts';
import { writeOnnx } from '../../model/onnx/write.ts';
import { featuresOf, type Pipeline } from '../../model/pipeline.ts';
import { exchange } from './exchange.ts';
import { netOutputs, type Scale } from './scores.ts';

/** Everything of a model but its predictor. */
export type Preprocessing = Omit<Pipeline, 'predictor'>;

/** A Layers model with the pre-processing that it needs. */
export interface LayersModelFiles {
  readonly topology: string;
  readonly weights: Uint8Array;
  readonly preprocessing: Preprocessing;
  readonly scale: Scale;
}

/** What the net predicts is multiplied by `deviation` and added to `mean`. */
const targetDocument = defineDocument('layers-target', 1, { mean: z.number(), deviation: z.number() });
const parts = { preprocessing: 'preprocessing.onnx', target: 'target.json' } as const;

/** `model.tar`: TensorFlow.js's own two files, the scale of the target, and the pre-processing as a model without weights. */
export function packLayers({ topology, weights, preprocessing, scale }: LayersModelFiles): Uint8Array {
  const width = featuresOf(preprocessing.steps).length;
  const outputs = netOutputs(preprocessing);
  const nothing = {
    ...{ kind: 'linear' as const, width },
    coefficients: new Float32Array(width * outputs),
    intercepts: new Float32Array(outputs),
  };
  const { mean, deviation } = scale;
  const target = writeDocument(targetDocument, { schema: 'layers-target/1', mean, deviation });
  return packFiles(
    new Map([
      [exchange.topology, new TextEncoder().encode(topology)],
      [exchange.weights, weights],
      [parts.preprocessing, writeOnnx({ ...preprocessing, predictor: nothing })],
      [parts.target, new TextEncoder().encode(target)],
    ]),
  );
}

/** Whether an archive is one that `packLayers` made, not what a program left. */
export function holdsLayers(archive: Uint8Array): boolean {
  try {
    const files = unpackFiles(archive, '');
    return [exchange.topology, exchange.weights, ...Object.values(parts)].every((part) => files.has(part));
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** @throws UserError MODEL_INVALID for another archive */
export function unpackLayers(archive: Uint8Array, name: string): LayersModelFiles {
  const files = unpackFiles(archive, name);
  const part = (file: string): Uint8Array => {
    const content = files.get(file);
    if (content) return content;
    throw new UserError({
      code: 'MODEL_INVALID',
      message: `the archive holds no model of TensorFlow.js: ${file} is missing`,
      at: { file: name },
      fix: 'Give the `model.tar` of a release of this factory, as it is.',
    });
  };
  const text = (file: string): string => new TextDecoder().decode(part(file));
  return {
    topology: text(exchange.topology),
    weights: part(exchange.weights),
    preprocessing: readOnnx(part(parts.preprocessing), `${name}/${parts.preprocessing}`),
    scale: readDocument(targetDocument, text(parts.target), `${name}/${parts.target}`),
  };
}
