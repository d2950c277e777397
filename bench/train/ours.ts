import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exp, log } from '../../src/numeric/elementary.ts';
import { denseScores } from '../../src/model/dense.ts';
import type { LinearPredictor, Predictor } from '../../src/model/pipeline.ts';
import { addForest, addTrees, flattenTrees } from '../../src/model/trees.ts';
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

/** Raw scores of the rows held back, row by row; the logarithm of a forest's shares, of two classes their difference. */
function scores(model: Predictor): Float64Array {
  const held = x.subarray(trained * width);
  const count = rows - trained;
  switch (model.kind) {
    case 'dense':
      return denseScores(model, held, count);
    case 'linear':
      return linearScores(model, held, count);
    case 'trees': {
      const { base, outputs, trees } = model;
      const out = Float64Array.from({ length: count * outputs }, (_, i) => base[i % outputs]!);
      addTrees(flattenTrees(trees, levels), model, held, count, width, out);
      return out;
    }
    case 'forest': {
      const shares = new Float64Array(count * model.outputs);
      addForest(flattenTrees(model.trees, levels, model.outputs), model, held, count, width, shares);
      const logs = shares.map((share) => log(Math.max(share, 1e-15)));
      if (task !== 'binary') return logs;
      return Float64Array.from({ length: count }, (_, row) => logs[2 * row + 1]! - logs[2 * row]!);
    }
    default:
      throw new Error(`no scores for a model of kind ${model.kind}`);
  }
}

function linearScores(model: LinearPredictor, held: Float32Array, count: number): Float64Array {
  const { coefficients, intercepts } = model;
  const outputs = intercepts.length;
  return Float64Array.from({ length: count * outputs }, (_, i) => {
    const row = Math.floor(i / outputs) * width;
    let total = intercepts[i % outputs]!;
    for (let j = 0; j < width; j++) total += coefficients[(i % outputs) * width + j]! * held[row + j]!;
    return total;
  });
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
