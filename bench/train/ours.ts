import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exp, log } from '../../src/numeric/elementary.ts';
import { denseScores } from '../../src/model/dense.ts';
import type { Predictor } from '../../src/model/pipeline.ts';
import { addTrees, flattenTrees } from '../../src/model/trees.ts';
import type { TrainingSet } from '../../src/training/trainer.ts';
import { findTrainer, parseParams } from '../../src/training/trainers.ts';
import { caseHeader } from './header.ts';

/** One fit in a process of its own, as `peers.py` does: `ours.ts FOLDER` prints time and score as JSON. */
const folder = process.argv[2] ?? '.';
const read = (name: string): ArrayBuffer => {
  const bytes = readFileSync(join(folder, name));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
};
const header = caseHeader.parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')));
const { task, rows, trained, width, classes, levels } = header;
const x = new Float32Array(read('x'));
const y = new Float64Array(read('y'));
const features = levels.map((count, j) => ({ name: `x${j}`, input: `x${j}`, levels: count }));
const data: TrainingSet = {
  ...{ task, classes, features },
  rows: trained,
  x: x.subarray(0, trained * width),
  y: y.slice(0, trained),
};
const trainer = findTrainer(header.trainer);
const params = parseParams(trainer, header.params);

const before = process.cpuUsage();
const { predictor } = trainer.fit(data, { params, seed: 1 });
const { user, system } = process.cpuUsage(before);
const loss = lossOf(scores(predictor), y.subarray(trained));
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1000, loss }));

/** Raw scores of the rows held back, row by row. */
function scores(model: Predictor): Float64Array {
  if (model.kind === 'dense') return denseScores(model, x.subarray(trained * width), rows - trained);
  if (model.kind !== 'trees') throw new Error(`no scores for a model of kind ${model.kind}`);
  const out = Float64Array.from(
    { length: (rows - trained) * model.outputs },
    (_, i) => model.base[i % model.outputs]!,
  );
  const flat = flattenTrees(model.trees, levels);
  addTrees(flat, model, x.subarray(trained * width), rows - trained, width, out);
  return out;
}

function lossOf(found: Float64Array, wanted: Float64Array): number {
  const outputs = found.length / wanted.length;
  let total = 0;
  wanted.forEach((target, row) => {
    const own = found.subarray(row * outputs, (row + 1) * outputs);
    if (task === 'regression') total += (own[0]! - target) ** 2;
    else if (task === 'binary') total += log(1 + exp(target === 1 ? -own[0]! : own[0]!));
    else total += log(own.reduce((sum, score) => sum + exp(score), 0)) - own[target]!;
  });
  const mean = total / wanted.length;
  return task === 'regression' ? Math.sqrt(mean) : mean;
}
