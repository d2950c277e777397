import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { UserError } from '../errors/user-error.ts';
import { childEnvironment } from './child-environment.ts';
import { runChildSync } from './child-process-sync.ts';

/** One feature's cells: numbers with NaN for missing, or texts with '' for missing. */
export interface OnnxColumn {
  readonly name: string;
  readonly values: Float64Array | readonly string[];
}

export interface OnnxRequest {
  readonly model: Uint8Array;
  /** Name of the model in messages. */
  readonly name: string;
  readonly columns: readonly OnnxColumn[];
  /** All columns make one matrix, in this order, whatever its name. */
  readonly matrix: boolean;
  readonly rows: number;
  /** Numbers wanted for a row. */
  readonly outputs: number;
  /** Folders to look for `onnxruntime-node` in, and above. */
  readonly folders: readonly string[];
}

export interface OnnxScores {
  /** rows × outputs. */
  readonly values: Float64Array;
  /** What the model itself says of each row; null where it says nothing. */
  readonly labels: readonly string[] | null;
}

type Answer =
  | ({ readonly kind: 'scored' } & OnnxScores)
  | { readonly kind: 'missing' }
  | { readonly kind: 'refused'; readonly why: string };

const timeLimitMs = 10 * 60_000;

/** Whether `onnxruntime-node` is in one of the folders, or above; nothing of it is loaded. */
export function findOnnxruntime(folders: readonly string[]): boolean {
  return folders.some((folder) => {
    try {
      createRequire(`${folder}/`).resolve('onnxruntime-node');
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Scores rows with another tool's ONNX file: rows × outputs. `onnxruntime-node` reads it in a process of its own
 * without any token, because the file comes from a program of the user's and the library is native code; it is looked
 * for when needed, as no release of this factory brings its 46 MB along.
 * @throws UserError ONNXRUNTIME_MISSING, MODEL_INVALID
 */
export function scoreWithOnnxruntime(request: OnnxRequest): OnnxScores {
  const folder = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'model-factory-onnx-'));
  const [asked, told] = [join(folder, 'asked'), join(folder, 'told')];
  try {
    writeFileSync(asked, serialize(request));
    const lines: string[] = [];
    const end = runChildSync({
      words: [process.execPath, '--no-warnings', '--eval', `(${scoreInChild.toString()})()`, asked, told],
      folder,
      environment: childEnvironment(process.env, [], {}),
      timeLimitMs,
      onLine: (line) => lines.push(line),
    });
    if (end.kind !== 'ended' || end.code !== 0)
      throw invalid(request.name, `onnxruntime did not end well (${end.kind}): ${lines.slice(-3).join(' ')}`);
    const answer = deserialize(readFileSync(told)) as Answer;
    if (answer.kind === 'scored') return answer;
    if (answer.kind === 'refused') throw invalid(request.name, answer.why);
    throw new UserError({
      code: 'ONNXRUNTIME_MISSING',
      message: `${request.name} was written by another tool and onnxruntime-node, which scores it, is not installed`,
      fix:
        'Add a step before this one: npm install onnxruntime-node (in the folder of the configuration or above; ' +
        '--no-save leaves package.json alone). A candidate with `trainer: command` can do without: it declares `predict:`.',
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function invalid(name: string, why: string): UserError {
  return new UserError({
    code: 'MODEL_INVALID',
    message: `${name}: ${why}`,
    fix: 'docs/command-candidates.md and docs/pretrained-models.md say what inputs and outputs the file must have.',
  });
}

/**
 * Body of the process that scores. It is sent as text, so it uses nothing from outside; `require` is made at run time,
 * so that no bundler follows it.
 */
async function scoreInChild(): Promise<void> {
  const { createRequire } = process.getBuiltinModule('node:module');
  const fs = process.getBuiltinModule('node:fs');
  const v8 = process.getBuiltinModule('node:v8');
  const [asked = '', told = ''] = process.argv.slice(1);
  const { model, columns, matrix, rows, outputs, folders } = v8.deserialize(
    fs.readFileSync(asked),
  ) as OnnxRequest;
  const say = (answer: Answer): void => fs.writeFileSync(told, v8.serialize(answer));
  const load = (): typeof import('onnxruntime-node') | null => {
    for (const folder of folders) {
      const require = createRequire(`${folder}/`);
      try {
        require.resolve('onnxruntime-node');
      } catch {
        continue;
      }
      return require('onnxruntime-node') as typeof import('onnxruntime-node');
    }
    return null;
  };
  const ort = load();
  if (ort === null) {
    say({ kind: 'missing' });
    return;
  }

  const ranks = new Map<string, number>();
  const tensorOf = (type: string, cells: OnnxColumn['values'][], name: string): Tensor => {
    const width = cells.length;
    const dims = ranks.get(name) === 1 ? [rows] : [rows, width];
    const flat = <T>(read: (cell: number | string) => T): T[] =>
      Array.from({ length: rows * width }, (_, i) => read(cells[i % width]![Math.floor(i / width)]!));
    if (type === 'string') {
      const text = (cell: number | string): string =>
        typeof cell === 'string' ? cell : Number.isNaN(cell) ? '' : String(cell);
      return new ort.Tensor('string', flat(text), dims);
    }
    const texts = cells.some((values) => typeof values[0] === 'string');
    if (texts) throw new Error(`its input ${name} takes numbers (${type}), but the column holds text`);
    const numbers = Float64Array.from(flat(Number));
    if (type === 'float32') return new ort.Tensor('float32', Float32Array.from(numbers), dims);
    if (type === 'float64') return new ort.Tensor('float64', numbers, dims);
    if (type !== 'int64' && type !== 'int32' && type !== 'bool')
      throw new Error(
        `its input ${name} has the type ${type}; float, double, int64, int32, bool and string are known`,
      );
    if (numbers.some(Number.isNaN))
      throw new Error(`its input ${name} is ${type}, which has no missing values, but the data have some`);
    if (type === 'int64')
      return new ort.Tensor(
        'int64',
        BigInt64Array.from(numbers, (x) => BigInt(Math.trunc(x))),
        dims,
      );
    if (type === 'int32') return new ort.Tensor('int32', Int32Array.from(numbers), dims);
    return new ort.Tensor('bool', Uint8Array.from(numbers), dims);
  };

  try {
    const options: InferenceSession.SessionOptions = { intraOpNumThreads: 1, logSeverityLevel: 3 };
    const session = await ort.InferenceSession.create(model, options);
    const types = new Map(
      session.inputMetadata.map((input) => [input.name, input.isTensor ? input.type : 'no tensor']),
    );
    for (const input of session.inputMetadata) if (input.isTensor) ranks.set(input.name, input.shape.length);
    const byName = new Map(columns.map(({ name, values }) => [name, values]));
    const unknown = session.inputNames.filter((name) => !byName.has(name));
    const feeds: Record<string, Tensor> = {};
    const [only = ''] = session.inputNames;
    if (session.inputNames.length === 1 && (matrix || unknown.length === 1))
      feeds[only] = tensorOf(
        types.get(only)!,
        columns.map(({ values }) => values),
        only,
      );
    else if (unknown.length > 0)
      throw new Error(
        `its inputs ${unknown.join(', ')} are no columns; name each input as its column, or have one matrix of all`,
      );
    else
      for (const name of session.inputNames)
        feeds[name] = tensorOf(types.get(name)!, [byName.get(name)!], name);

    const wanted = session.outputMetadata.flatMap((output) =>
      output.isTensor && (output.type === 'float32' || output.type === 'float64') ? [output.name] : [],
    );
    if (wanted.length === 0)
      throw new Error('it has no output that is a tensor of floats (skl2onnx: options={"zipmap": False})');
    const namings = session.outputMetadata.flatMap((output) =>
      output.isTensor && ['string', 'int64', 'int32'].includes(output.type) ? [output.name] : [],
    );
    const results = await session.run(feeds, [...wanted, ...namings]);
    const fitting = wanted.find((name) => results[name]!.size === rows * outputs);
    if (fitting === undefined) {
      const shapes = wanted.map((name) => `${name} [${results[name]!.dims.join(', ')}]`).join(', ');
      throw new Error(`none of its outputs has the shape [${rows}, ${outputs}]: ${shapes}`);
    }
    const data = results[fitting]!.data as Float32Array | Float64Array;
    const naming = namings.find((name) => results[name]!.size === rows);
    const labels =
      naming === undefined ? null : Array.from(results[naming]!.data as ArrayLike<unknown>, String);
    say({ kind: 'scored', values: Float64Array.from(data), labels });
  } catch (error) {
    say({ kind: 'refused', why: error instanceof Error ? error.message : String(error) });
  }
}
