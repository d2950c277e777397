import type * as OnnxRuntime from 'onnxruntime-node';

/**
 * ONNX Runtime in a process of its own: jest gives each test file its own global objects, and the native module
 * doesn't take their Float32Array for one. The argument is what to import: `onnxruntime-node`, or a file of
 * onnxruntime-web, which has the same interface.
 */
const { InferenceSession, Tensor } = (await import(process.argv[2]!)) as typeof OnnxRuntime;
export type Feed = Float32Array | Float64Array | string[];

export interface Question {
  readonly bytes: Uint8Array;
  readonly feeds: readonly (readonly [name: string, values: Feed])[];
}

export type Answer =
  | { readonly kind: 'scored'; readonly outputs: Float32Array; readonly labels: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string };

function tensorOf(values: Feed, dims: number[]): OnnxRuntime.Tensor {
  if (values instanceof Float32Array) return new Tensor('float32', values, dims);
  return values instanceof Float64Array
    ? new Tensor('float64', values, dims)
    : new Tensor('string', values, dims);
}

async function answer({ bytes, feeds }: Question): Promise<Answer> {
  const session = await InferenceSession.create(bytes, { logSeverityLevel: 3 });
  const tensors = feeds.map(([name, values]) => {
    const dims = [values.length, 1];
    return [name, tensorOf(values, dims)] as const;
  });
  const { label, probabilities, variable } = await session.run(Object.fromEntries(tensors));
  await session.release();
  const outputs = (probabilities ?? variable)?.data;
  if (!(outputs instanceof Float32Array)) return { kind: 'failed', message: 'no float32 output' };
  return { kind: 'scored', outputs, labels: Array.from(label?.data ?? [], String) };
}

process.on('message', (question: Question) => {
  answer(question).then(
    (scored) => process.send!(scored),
    (error: unknown) => process.send!({ kind: 'failed', message: String(error) } satisfies Answer),
  );
});
