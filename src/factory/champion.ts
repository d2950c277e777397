import { sha256 } from '../contracts/digest.ts';
import type { Promotion } from '../contracts/ledger.ts';
import { decodePredictions, type PredictionsFile } from '../contracts/predictions.ts';
import { UserError } from '../errors/user-error.ts';
import { readOnnx } from '../model/onnx/read.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { KnownRows } from './epoch.ts';
import type { ReleaseStore } from '../registry/releases.ts';
import { versionTag } from '../registry/versions.ts';

/** Names of a release's files. */
export const releaseFiles = {
  model: 'model.onnx',
  signature: 'signature.json',
  profile: 'profile.json',
  golden: 'golden.json',
  card: 'MODEL_CARD.md',
  evidence: 'evidence.json',
  outOfFold: 'predictions.bin',
  holdout: 'holdout.bin',
  sums: 'SHA256SUMS',
} as const;

/** The champion as published. */
export interface Champion {
  readonly promotion: Promotion;
  readonly pipeline: Pipeline;
  /** Its predictions on the hold-out when it was promoted; no rows where cross-validation decided. */
  readonly holdout: PredictionsFile;
  /** Its recipe's out-of-fold predictions at promotion: the development rows that it saw. */
  readonly outOfFold: PredictionsFile;
}

/**
 * Fetches the champion's files and checks that the model is the one that the history names.
 * @throws UserError ASSET_MISSING, DIGEST_MISMATCH, MODEL_INVALID: without its champion nothing is judged
 */
export async function loadChampion(promotion: Promotion, releases: ReleaseStore): Promise<Champion> {
  const tag = versionTag(promotion.model, promotion.version);
  const files = await releases.read(tag, [releaseFiles.model, releaseFiles.holdout, releaseFiles.outOfFold]);
  const model = files.get(releaseFiles.model)!;
  if (sha256(model) !== promotion.modelSha256)
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: `${releaseFiles.model} of ${tag} is not the model that the history names`,
      at: { file: tag },
      fix: 'Somebody replaced the file. Restore it, or end the line with gate.baseline.restart.',
    });
  const predictions = (name: string): PredictionsFile =>
    decodePredictions(files.get(name)!, `${tag}/${name}`);
  return {
    promotion,
    pipeline: readOnnx(model, `${tag}/${releaseFiles.model}`),
    holdout: predictions(releaseFiles.holdout),
    outOfFold: predictions(releaseFiles.outOfFold),
  };
}

/** The rows of a promotion: cross-validation's and the hold-out's. @throws UserError ASSET_MISSING */
export async function rowsKnownTo(promotion: Promotion, releases: ReleaseStore): Promise<KnownRows> {
  const tag = versionTag(promotion.model, promotion.version);
  const files = await releases.read(tag, [releaseFiles.outOfFold, releaseFiles.holdout]);
  const identities = (name: string): Uint8Array =>
    decodePredictions(files.get(name)!, `${tag}/${name}`).identities;
  return {
    development: identities(releaseFiles.outOfFold),
    holdout: identities(releaseFiles.holdout),
  };
}
