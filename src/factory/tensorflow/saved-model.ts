import type { io, LayersModel } from '@tensorflow/tfjs';
import { exchange } from './exchange.ts';
import type { Tf } from './library.ts';

/** The files of a model in TensorFlow.js's format, as `tf.loadLayersModel` reads them. */
export async function savedFiles(tf: Tf, model: LayersModel): Promise<Map<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      const { modelTopology, weightSpecs, weightData, format, generatedBy, convertedBy = null } = artifacts;
      const weightsManifest = [{ paths: [exchange.weights], weights: weightSpecs }];
      const description = { modelTopology, format, generatedBy, convertedBy, weightsManifest };
      files.set(exchange.topology, JSON.stringify(description));
      files.set(exchange.weights, bytesOf(weightData));
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
      });
    }),
  );
  return files;
}

/** The model of such files. */
export function readSaved(tf: Tf, topology: string, weights: Uint8Array): Promise<LayersModel> {
  const { modelTopology, weightsManifest } = JSON.parse(topology) as {
    modelTopology: object;
    weightsManifest: { weights: io.WeightsManifestEntry[] }[];
  };
  const weightData = Uint8Array.from(weights).buffer;
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  return tf.loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs, weightData }));
}

function bytesOf(data: io.WeightData | undefined): Uint8Array {
  const parts = data === undefined ? [] : Array.isArray(data) ? data : [data];
  return new Uint8Array(Buffer.concat(parts.map((part) => new Uint8Array(part))));
}
