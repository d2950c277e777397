import { z } from 'zod';
import { UserError } from '../../errors/user-error.ts';

/** One layer: its kind, its settings and its weights by their name within it. */
export interface Layer {
  readonly name: string;
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** A model in TensorFlow.js's format; `layers` is null where they are no chain. */
export interface LayersFile {
  readonly layers: readonly Layer[] | null;
}

const layerSchema = z.object({
  class_name: z.string(),
  config: z.looseObject({ name: z.string() }),
  inbound_nodes: z.array(z.array(z.array(z.unknown()))).optional(),
});
const topologySchema = z.object({
  modelTopology: z.object({
    class_name: z.string(),
    config: z.object({ layers: z.array(layerSchema) }),
  }),
  weightsManifest: z.array(
    z.object({
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          dtype: z.string(),
          quantization: z.unknown().optional(),
        }),
      ),
    }),
  ),
});

/**
 * Reads what `model.save` wrote.
 * @throws UserError MODEL_INVALID
 */
export function readLayersFile(topology: string, weights: Uint8Array, file: string): LayersFile {
  const parsed = topologySchema.safeParse(parseJson(topology));
  if (!parsed.success) throw damaged(file, z.prettifyError(parsed.error).split('\n')[0]!);
  const { modelTopology, weightsManifest } = parsed.data;
  const { layers } = modelTopology.config;
  if (!isChain(layers)) return { layers: null };
  const tensors = new Map<string, Float32Array>();
  let at = 0;
  for (const { name, shape, dtype, quantization } of weightsManifest.flatMap((group) => group.weights)) {
    if (dtype !== 'float32' || quantization !== undefined) return { layers: null };
    const bytes = 4 * shape.reduce((size, side) => size * side, 1);
    if (at + bytes > weights.length) throw damaged(file, 'its weights end too early');
    tensors.set(name, new Float32Array(Uint8Array.from(weights.subarray(at, at + bytes)).buffer));
    at += bytes;
  }
  return {
    layers: layers.map(({ class_name: kind, config }) => {
      const prefix = `${config.name}/`;
      const own = [...tensors].filter(([name]) => name.startsWith(prefix));
      const byName = new Map(own.map(([name, values]) => [name.slice(prefix.length), values]));
      return { name: config.name, kind, config, weights: byName };
    }),
  };
}

/** Whether each layer has the one before it as its only input, once. A sequential model doesn't say. */
function isChain(layers: readonly z.infer<typeof layerSchema>[]): boolean {
  return layers.every(({ class_name: kind, inbound_nodes: inbound }, l) => {
    if (kind === 'Sequential' || kind === 'Model' || kind === 'Functional') return false;
    if (inbound === undefined) return true;
    if (l === 0) return inbound.length === 0;
    return (
      inbound.length === 1 && inbound[0]!.length === 1 && inbound[0]![0]![0] === layers[l - 1]!.config.name
    );
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function damaged(file: string, what: string): UserError {
  return new UserError({
    code: 'MODEL_INVALID',
    message: `the layers of the model can not be read: ${what}`,
    at: { file },
    fix: 'Return a plain Layers model from the module; docs/tensorflow.md shows one.',
  });
}
