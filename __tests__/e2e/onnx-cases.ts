/**
 * Writes a folder of models with rows and answers for `onnx_agree.py`:
 * `node __tests__/e2e/onnx-cases.ts FOLDER` -> FOLDER/<case>.onnx and FOLDER/<case>.json. The cases are every built-in
 * family with computed features in its graph, and random pipelines; the answers are ours, onnxruntime-node's and those
 * of onnxruntime-web's WebAssembly (where `scripts/install-tools.sh` puts it).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '../../src/data/table.ts';
import { doubleInputs } from '../../src/model/onnx/derived-graph.ts';
import { inputName } from '../../src/model/onnx/names.ts';
import { writeOnnx } from '../../src/model/onnx/write.ts';
import type { Pipeline } from '../../src/model/pipeline.ts';
import { labels, predict } from '../../src/model/score.ts';
import { trainComputed } from '../unit/model/derived-cases.ts';
import { families } from '../unit/model/families.ts';
import { startOnnxRuntime, valuesOf } from '../unit/model/onnxruntime.ts';
import { compositions, randomComposed } from '../unit/model/composed-pipelines.ts';
import { combinations, firstRows, randomPipeline, randomTable } from '../unit/model/random-pipelines.ts';
import { trainCase, trainedCases } from '../unit/model/trained-pipelines.ts';

interface Case {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly table: Table;
}

function* cases(): Generator<Case> {
  for (const trained of trainedCases)
    yield { name: `${trained.task}-${trained.trainer}`, ...trainCase(trained) };
  for (const [task, method] of compositions)
    for (let seed = 1; seed <= 5; seed++) {
      const pipeline = randomComposed(seed, task, method);
      yield {
        name: `${task}-composed-${method}-${seed}`,
        pipeline,
        table: randomTable(seed + 200, pipeline.inputs, 200),
      };
    }
  for (const [task, kind] of combinations)
    for (let seed = 1; seed <= 5; seed++) {
      const pipeline = randomPipeline(seed, task, kind);
      const table = randomTable(seed + 200, pipeline.inputs, 200);
      yield { name: `${task}-random-${kind}-${seed}`, pipeline, table };
    }
  for (const family of families) yield { name: `family-${family.name}`, ...trainComputed(family) };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: onnx-cases.ts FOLDER');
mkdirSync(folder, { recursive: true });
const web = new URL('../../.tools/node_modules/onnxruntime-web/dist/ort.node.min.mjs', import.meta.url);
const runtimes = { node: startOnnxRuntime(), web: startOnnxRuntime(web.href) };

/** What a runtime says: its very bits, and labels. */
async function answerOf(runtime: keyof typeof runtimes, { pipeline, table }: Case, bytes: Uint8Array) {
  const { outputs, labels: said } = await runtimes[runtime].run(bytes, pipeline, table);
  const raw = Buffer.from(outputs.buffer, outputs.byteOffset, outputs.byteLength);
  return { float32: raw.toString('base64'), labels: said };
}

for (const each of cases()) {
  const { name, pipeline, table } = each;
  const bytes = writeOnnx(pipeline);
  const predictions = predict(pipeline, table, firstRows(table.rows));
  const doubles = doubleInputs(pipeline);
  const feeds = table.columns.map((column) => {
    const values = valuesOf(column, doubles.has(column.name));
    return { name: inputName(column.name), values: Array.isArray(values) ? values : [...values] };
  });
  writeFileSync(join(folder, `${name}.onnx`), bytes);
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify({
      task: pipeline.task,
      feeds,
      outputs: [...predictions],
      labels: pipeline.task === 'regression' ? [] : labels(pipeline, predictions),
      runtimes: {
        node: await answerOf('node', each, bytes),
        web: await answerOf('web', each, bytes),
      },
    }),
  );
}
for (const runtime of Object.values(runtimes)) runtime.stop();
