import { z } from 'zod';

/** Lower-case SHA-256 in hexadecimal. */
export const sha256Field = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');

/** A git commit id. */
export const commitField = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'must be a full commit id');

/**
 * A model's name: safe as file, artifact, asset, part of a git ref and of a GTO tag.
 * Candidates follow the same grammar.
 */
export const nameField = z
  .string()
  .min(2)
  .max(64)
  .regex(
    /^[a-z0-9][a-z0-9_-]*[a-z0-9]$/,
    'must be 2 to 64 lower-case letters, digits, "-" or "_", and begin and end with a letter or digit',
  );

/** `v1.4.0`. */
export const versionField = z.string().regex(/^v\d+\.\d+\.\d+$/, 'must look like v1.4.0');

/** Name of an environment variable that a command may see; the runner's own, tokens among them, are none. */
export const environmentNameField = z
  .string()
  .max(128)
  .regex(
    /^(?!(?:GITHUB_|GH_TOKEN$|ACTIONS_|INPUT_|RUNNER_))[A-Z_][A-Z0-9_]*$/i,
    'must be the name of a variable, and not one of the runner (GITHUB_…, ACTIONS_…, INPUT_…, RUNNER_…)',
  );

/** ISO 8601 instant in UTC. */
export const instantField = z.iso.datetime();

/** A JSON scalar or structure as a trainer's parameter. */
export const parameterField = z.json();
export const parametersField = z.record(z.string(), parameterField);
export type Parameters = z.infer<typeof parametersField>;

/** How a program is given its rows. */
export const tableFormatField = z.enum(['csv', 'parquet']);
export type TableFormat = z.infer<typeof tableFormatField>;

/**
 * What a released model is: `onnx` = written by the factory and scored by itself; `foreign-onnx` = another tool's
 * ONNX file, scored by onnxruntime; `opaque` = a folder that only its own program can read.
 */
export const modelFormatField = z.enum(['onnx', 'foreign-onnx', 'opaque']);
export type ModelFormat = z.infer<typeof modelFormatField>;
