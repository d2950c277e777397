import type { Scorer } from '../../model/scorer.ts';
import { featuresOf } from '../../model/pipeline.ts';
import { encodeRows } from '../../model/score.ts';
import { askProgram } from '../command/ask.ts';
import { unpackLayers } from './archive.ts';
import { exchange } from './exchange.ts';
import { layersCall, readAnswer, taskFiles } from './process.ts';
import { netOutputs, predictionsOfNet } from './scores.ts';

const timeoutMinutes = 10;

/**
 * A Layers model that has no ONNX form, asked in a process of its own with the factory's TensorFlow.js. No code of the
 * repository runs: the model is data.
 */
export function layersScorer(archive: Uint8Array, name: string): Scorer {
  const { topology, weights, preprocessing, scale } = unpackLayers(archive, name);
  const { task, classes, inputs } = preprocessing;
  const features = featuresOf(preprocessing.steps).length;
  return {
    ...{ task, classes, inputs },
    format: 'opaque',
    score: (table, rows) => {
      if (rows.length === 0) return new Float64Array(0);
      const x = encodeRows(preprocessing, table, rows);
      const outputs = netOutputs({ task, classes });
      const asked = { work: { kind: 'predict' as const }, features, outputs, predictRows: rows.length };
      const title = `tensorflow ${name}`;
      return askProgram({
        files: {
          ...taskFiles(asked, x),
          [`in/${exchange.topology}`]: topology,
          [`in/${exchange.weights}`]: weights,
        },
        call: (folders) => layersCall({ env: [], timeoutMinutes }, folders.root, folders, title),
        take: (folders) =>
          predictionsOfNet(readAnswer(folders, title).predictions, rows.length, { task, classes }, scale),
      });
    },
  };
}
