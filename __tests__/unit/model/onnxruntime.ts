import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Column, Table } from '../../../src/data/table.ts';
import { doubleInputs } from '../../../src/model/onnx/derived-graph.ts';
import { inputName } from '../../../src/model/onnx/names.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { Answer, Feed, Question } from './onnxruntime-process.ts';

/**
 * Starts ONNX Runtime; `run` scores all rows of a table with a model file, one call after another.
 * @param runtime what to import: the native build for Node, or the address of onnxruntime-web's file
 */
export function startOnnxRuntime(runtime = 'onnxruntime-node') {
  const child = fork(fileURLToPath(new URL('onnxruntime-process.ts', import.meta.url)), [runtime], {
    serialization: 'advanced',
    execArgv: [],
  });
  const run = async (bytes: Uint8Array, pipeline: Pipeline, table: Table) => {
    const { inputs } = pipeline;
    const doubles = doubleInputs(pipeline);
    const feeds = inputs.map(({ name }): Question['feeds'][number] => {
      const column = table.columns.find((candidate) => candidate.name === name)!;
      return [inputName(name), valuesOf(column, doubles.has(name))];
    });
    child.send({ bytes: bytes.slice(), feeds } satisfies Question);
    const [answer] = (await once(child, 'message')) as [Answer];
    if (answer.kind === 'failed') throw new Error(answer.message);
    return answer;
  };
  return { run, stop: () => child.disconnect() };
}

/** What a client of the model sends for a column: float32 or float64 numbers, or texts with '' for missing. */
export function valuesOf(column: Column, isDouble = false): Feed {
  if (column.kind !== 'categorical')
    return isDouble ? Float64Array.from(column.values) : Float32Array.from(column.values);
  return Array.from(column.codes, (code) => (code < 0 ? '' : column.levels[code]!));
}
