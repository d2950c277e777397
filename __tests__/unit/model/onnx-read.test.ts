import { describe, expect, it } from '@jest/globals';
import type { Task } from '../../../src/contracts/task.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { encodeModel } from '../../../src/model/onnx/model-proto.ts';
import { graphOf } from '../../../src/model/onnx/graph.ts';
import { readOnnx } from '../../../src/model/onnx/read.ts';
import { MessageWriter } from '../../../src/model/onnx/wire.ts';
import { writeOnnx } from '../../../src/model/onnx/write.ts';
import type { EncodedPredictor, Pipeline } from '../../../src/model/pipeline.ts';
import { predict } from '../../../src/model/score.ts';
import { Random } from '../../../src/numeric/random.ts';
import { compositions, randomComposed } from './composed-pipelines.ts';
import { combinations, firstRows, randomPipeline, randomTable } from './random-pipelines.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** Runs the reader and returns its error: `MODEL_INVALID: message`. */
function refusal(bytes: Uint8Array): string {
  const outcome = attempt(bytes);
  if (outcome instanceof UserError) return `${outcome.code}: ${outcome.message}`;
  throw new Error('the file was not refused as a user error', { cause: outcome });
}

describe('readOnnx', () => {
  it.each(combinations)(
    'gives back a %s pipeline with a %s predictor that scores bit for bit',
    (task, kind) => {
      for (let seed = 1; seed <= 20; seed++) {
        const pipeline = randomPipeline(seed, task, kind);
        const table = randomTable(seed, pipeline.inputs, 100);
        const read = readOnnx(writeOnnx(pipeline));
        expect(predict(read, table, firstRows(100))).toEqual(predict(pipeline, table, firstRows(100)));
        expect({ ...read, predictor: 0 }).toEqual({ ...pipeline, predictor: 0 });
      }
    },
  );

  it('gives back a log link', () => {
    const pipeline = randomPipeline(3, 'regression', 'trees');
    if (pipeline.predictor.kind !== 'trees') throw new Error('trees were asked for');
    const linked: Pipeline = { ...pipeline, predictor: { ...pipeline.predictor, link: 'log' } };
    const read = readOnnx(writeOnnx(linked));
    expect(read.predictor).toMatchObject({ kind: 'trees', link: 'log' });
    const table = randomTable(3, pipeline.inputs, 100);
    const predictions = predict(read, table, firstRows(100));
    expect(predictions).toEqual(predict(linked, table, firstRows(100)));
    const scores = predict(pipeline, table, firstRows(100));
    expect(predictions).toEqual(scores.map((score) => Math.fround(Math.exp(score))));
  });

  it.each(compositions)(
    'gives back a %s pipeline of others by %s that scores bit for bit',
    (task, method) => {
      for (let seed = 1; seed <= 20; seed++) {
        const pipeline = randomComposed(seed, task, method);
        const table = randomTable(seed, pipeline.inputs, 100);
        const read = readOnnx(writeOnnx(pipeline));
        expect(predict(read, table, firstRows(100))).toEqual(predict(pipeline, table, firstRows(100)));
        expect({ ...read, predictor: 0 }).toEqual({ ...pipeline, predictor: 0 });
      }
    },
  );

  it('gives back what it read once more', () => {
    const read = readOnnx(writeOnnx(randomPipeline(4, 'binary', 'trees')));
    expect(readOnnx(writeOnnx(read))).toEqual(read);
  });

  it.each([
    ['zip archive', bytesOf('PK\u0003\u0004')],
    ['Python pickle', Uint8Array.of(0x80, 4, 0x95)],
    ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a)],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0)],
    ['zlib', Uint8Array.of(0x78, 0x9c, 1)],
    ['TensorFlow Lite', bytesOf('....TFL3')],
    ['Git LFS pointer', bytesOf('version https://git-lfs.github.com/spec/v1\n')],
    ['JSON', bytesOf('{"format":1}')],
  ])('names a file of another format: %s', (name, bytes) => {
    expect(refusal(bytes)).toContain(name);
  });

  it('names the tool that wrote another ONNX file', () => {
    const bytes = new MessageWriter().int(1, 9).string(2, 'skl2onnx').finish();
    expect(refusal(bytes)).toContain('written by "skl2onnx"');
  });

  it('says at which byte a file was cut, and refuses one with bytes left over', () => {
    const bytes = writeOnnx(randomPipeline(2, 'binary', 'linear'));
    expect(refusal(bytes.subarray(0, bytes.length - 3))).toContain(`at byte`);
    expect(refusal(Uint8Array.of(...bytes, 8, 8))).toContain(`at byte ${bytes.length}`);
    expect(refusal(Uint8Array.of())).toContain('its schema is missing');
  });

  it('refuses another version, external data, unknown operators and repeated fields', () => {
    const pipeline = randomPipeline(2, 'binary', 'linear');
    const graph = graphOf(pipeline);
    const metadata = [['schema', 'model/9'] as const, ...graph.metadata.slice(1)];
    expect(refusal(encodeModel({ ...graph, metadata }))).toContain('schema is model/9');
    const nodes = graph.nodes.map((node) => ({ ...node, operator: node.operator.replace('MatMul', 'Loop') }));
    expect(refusal(encodeModel({ ...graph, nodes }))).toContain('unexpected content at byte');
    const tensor = new MessageWriter().string(8, 'model/constant').int(14, 1);
    const external = new MessageWriter().message(7, new MessageWriter().message(5, tensor)).finish();
    expect(refusal(external)).toContain('unexpected field 14 in a tensor');
    const bytes = writeOnnx(pipeline);
    const twice = Uint8Array.of(...bytes.subarray(0, 2), ...bytes);
    expect(refusal(twice)).toContain('unexpected content at byte 2');
  });

  it('refuses trees that are no trees', () => {
    const pipeline = randomPipeline(4, 'regression', 'trees');
    const graph = graphOf(pipeline);
    const broken = (name: string, change: (value: number, i: number) => number) =>
      encodeModel({
        ...graph,
        nodes: graph.nodes.map((node) => ({
          ...node,
          attributes: node.attributes.map((attribute) =>
            attribute.name === name && attribute.kind === 'ints'
              ? { ...attribute, value: Array.from(attribute.value, change) }
              : attribute,
          ),
        })),
      });
    expect(refusal(broken('nodes_truenodeids', () => 0))).toContain('two ways lead to one node');
    expect(refusal(broken('nodes_falsenodeids', (id) => id + 500))).toContain('leads nowhere');
    expect(refusal(broken('nodes_featureids', () => 999))).toContain('unknown feature');
    expect(refusal(broken('target_ids', () => 1))).toContain('unexpected content');
  });

  it('answers any damage with a typed error or with a model that is valid and written the same', () => {
    const random = new Random(19);
    const originals = combinations.map(([task, kind]) => smallModel(task, kind));
    let refused = 0;
    for (let i = 0; i < 20000; i++) {
      const damaged = damage(originals[i % originals.length]!, random);
      const outcome = attempt(damaged);
      if (outcome instanceof Error) {
        expect(outcome).toBeInstanceOf(UserError);
        expect(outcome).toHaveProperty('code', 'MODEL_INVALID');
        refused++;
      } else expect(writeOnnx(outcome)).toEqual(damaged);
    }
    expect(refused).toBeGreaterThan(10000);
  });
});

function attempt(bytes: Uint8Array): Pipeline | Error {
  try {
    return readOnnx(bytes);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A model of less than 3 kB, so that damage often meets its structure. */
function smallModel(task: Task, kind: EncodedPredictor['kind']): Uint8Array {
  for (let seed = 1; ; seed++) {
    const bytes = writeOnnx(randomPipeline(seed, task, kind));
    if (bytes.length < 3000) return bytes;
  }
}

/** One to three changed, inserted, removed, repeated or cut stretches of bytes. */
function damage(original: Uint8Array, random: Random): Uint8Array {
  let bytes = original.slice();
  for (let changes = 1 + random.integer(3); changes > 0 && bytes.length > 0; changes--) {
    const at = random.integer(bytes.length);
    const length = 1 + random.integer(8);
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
    const noise = Uint8Array.from({ length }, () => random.integer(256));
    switch (random.integer(6)) {
      case 0:
        bytes[at]! ^= 1 << random.integer(8);
        break;
      case 1:
        bytes[at] = [0, 1, 127, 128, 255][random.integer(5)]!;
        break;
      case 2:
        bytes = joined(before, noise, after);
        break;
      case 3:
        bytes = joined(before, after.subarray(length));
        break;
      case 4:
        bytes = joined(before, after.subarray(0, length), after);
        break;
      default:
        bytes = before.slice();
    }
  }
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
