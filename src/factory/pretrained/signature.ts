import type { GivenModel } from '../../config/pretrained.ts';
import { UserError } from '../../errors/user-error.ts';
import { interfaceOf, type GraphInterface } from '../../model/onnx/interface.ts';
import { readOnnx } from '../../model/onnx/read.ts';
import { WireError } from '../../model/onnx/wire.ts';
import type { ModelInput } from '../../model/pipeline.ts';
import { formatOf } from '../../model/scorer.ts';
import type { Dataset } from '../../training/dataset.ts';

/** What the file says of itself: our own by the strict reader, another tool's by its graph. */
export type GivenInterface =
  | { readonly kind: 'own'; readonly pipeline: ReturnType<typeof readOnnx> }
  | { readonly kind: 'foreign'; readonly graph: GraphInterface };

/** @throws UserError MODEL_INVALID */
export function openInterface(bytes: Uint8Array, file: string): GivenInterface {
  if (formatOf(bytes) === 'onnx') return { kind: 'own', pipeline: readOnnx(bytes, file) };
  try {
    return { kind: 'foreign', graph: interfaceOf(bytes) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw new UserError({
      code: 'MODEL_INVALID',
      message: `the file is no ONNX model: ${error.message}`,
      at: { file },
      fix: 'Export the model to ONNX (skl2onnx, onnxmltools, torch.onnx), into one file without external data.',
      cause: error,
    });
  }
}

/** Another tool's model takes one matrix of several columns. */
export function isMatrix(
  { inputs }: Pick<GraphInterface, 'inputs'>,
  { columns }: Pick<GivenModel, 'columns'>,
): boolean {
  return inputs.length === 1 && columns !== null;
}

/** The column that goes into an input: that of its name, or the only one that skl2onnx gives that name (`a-b`: `a_b`). */
export function columnFor(input: string, inputs: readonly ModelInput[]): ModelInput | undefined {
  const plain = (name: string): string => name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  const alike = inputs.filter(({ name }) => plain(name) === plain(input));
  return inputs.find(({ name }) => name === input) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** The columns that a pre-trained model asks for, in its own order. */
export function inputsUsed(bytes: Uint8Array, given: GivenModel, { inputs }: Dataset): readonly ModelInput[] {
  const known = openInterface(bytes, given.model);
  if (known.kind === 'own') return known.pipeline.inputs;
  const { columns } = given;
  if (columns) return columns.flatMap((name) => inputs.find((input) => input.name === name) ?? []);
  return known.graph.inputs.flatMap(({ name }) => columnFor(name, inputs) ?? []);
}

/** Names of the tensors that the columns of `inputsUsed` go into. */
export function tensorsUsed(bytes: Uint8Array, given: GivenModel): readonly string[] {
  const { inputs } = interfaceOf(bytes);
  if (isMatrix({ inputs }, given)) return (given.columns ?? []).map(() => inputs[0]!.name);
  return inputs.map(({ name }) => name);
}
