import { z } from 'zod';
import { UserError } from '../errors/user-error.ts';

/**
 * Out-of-fold predictions of one candidate, by row identity. A compact binary file: magic, header length, JSON
 * header, identities (16 bytes a row), label checks (4 bytes a row), folds (1 byte a row), values (float64,
 * rows × outputs), little-endian. It holds no label and no feature; a label check is an HMAC of identity and label.
 */
export interface PredictionsFile {
  readonly model: string;
  readonly candidate: string;
  readonly fingerprint: string;
  readonly rows: number;
  /** Classes, or 1 for regression. */
  readonly outputs: number;
  /** 16 bytes a row: HMAC of the identity with the epoch's salt. */
  readonly identities: Uint8Array;
  /** 4 bytes a row: tells whether a row's label changed without telling the label. */
  readonly labelChecks: Uint32Array;
  readonly folds: Uint8Array;
  readonly values: Float64Array;
}

const headerSchema = z.strictObject({
  schema: z.literal('predictions/1'),
  model: z.string(),
  candidate: z.string(),
  fingerprint: z.string(),
  rows: z.int().nonnegative().max(100_000_000),
  outputs: z.int().positive().max(10_000),
});

const magic = 'MFPR';
const identityBytes = 16;

export function encodePredictions(file: PredictionsFile): Uint8Array {
  const { model, candidate, fingerprint, rows, outputs } = file;
  const header = new TextEncoder().encode(
    JSON.stringify({ schema: 'predictions/1', model, candidate, fingerprint, rows, outputs }),
  );
  const layout = layoutOf(header.length, rows, outputs);
  const bytes = new Uint8Array(layout.end);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(magic), 0);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  bytes.set(file.identities.subarray(0, rows * identityBytes), layout.identities);
  file.labelChecks.forEach((check, row) => view.setUint32(layout.labelChecks + 4 * row, check, true));
  bytes.set(file.folds.subarray(0, rows), layout.folds);
  file.values.forEach((value, i) => view.setFloat64(layout.values + 8 * i, value, true));
  return bytes;
}

/** @throws UserError DOCUMENT_INVALID */
export function decodePredictions(bytes: Uint8Array, file: string): PredictionsFile {
  const fail = (message: string, cause?: unknown): never => {
    throw new UserError({
      code: 'DOCUMENT_INVALID',
      message: `predictions file: ${message}`,
      at: { file },
      fix: 'Run the training step again; the file should not be edited.',
      cause,
    });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8 || new TextDecoder().decode(bytes.subarray(0, 4)) !== magic)
    fail('not a predictions file');
  const headerLength = view.getUint32(4, true);
  if (headerLength > 65536 || 8 + headerLength > bytes.length) fail('its header is cut off');
  const header = parseHeader(bytes.subarray(8, 8 + headerLength)) ?? fail('its header is damaged');
  const { rows, outputs } = header;
  const layout = layoutOf(headerLength, rows, outputs);
  if (layout.end !== bytes.length) fail(`${bytes.length} bytes, expected ${layout.end}`);
  const { model, candidate, fingerprint } = header;
  return {
    model,
    candidate,
    fingerprint,
    rows,
    outputs,
    identities: bytes.slice(layout.identities, layout.labelChecks),
    labelChecks: Uint32Array.from({ length: rows }, (_, row) =>
      view.getUint32(layout.labelChecks + 4 * row, true),
    ),
    folds: bytes.slice(layout.folds, layout.values),
    values: Float64Array.from({ length: rows * outputs }, (_, i) =>
      view.getFloat64(layout.values + 8 * i, true),
    ),
  };
}

function parseHeader(bytes: Uint8Array): z.infer<typeof headerSchema> | undefined {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

function layoutOf(headerLength: number, rows: number, outputs: number) {
  const identities = 8 + headerLength;
  const labelChecks = identities + identityBytes * rows;
  const folds = labelChecks + 4 * rows;
  const values = folds + rows;
  return { identities, labelChecks, folds, values, end: values + 8 * rows * outputs };
}
