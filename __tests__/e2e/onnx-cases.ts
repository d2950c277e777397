/**
 * Writes a folder of models with rows and answers for `onnx_agree.py`:
 * `node __tests__/e2e/onnx-cases.ts FOLDER` -> FOLDER/<case>.onnx and FOLDER/<case>.json.
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
  for (const trainer of ['linear-regression', 'gradient-boosting'])
    yield { name: `computed-${trainer}`, ...trainComputed(trainer, 'regression') };
  yield { name: 'computed-logistic-regression', ...trainComputed('logistic-regression', 'binary') };
}

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: onnx-cases.ts FOLDER');
mkdirSync(folder, { recursive: true });
const onnxRuntime = startOnnxRuntime();
for (const { name, pipeline, table } of cases()) {
  const bytes = writeOnnx(pipeline);
  const predictions = predict(pipeline, table, firstRows(table.rows));
  const node = await onnxRuntime.run(bytes, pipeline, table);
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
      node: {
        float32: Buffer.from(node.outputs.buffer, node.outputs.byteOffset, node.outputs.byteLength).toString(
          'base64',
        ),
        labels: node.labels,
      },
    }),
  );
}
onnxRuntime.stop();
