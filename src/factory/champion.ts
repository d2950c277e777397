import { sha256 } from '../contracts/digest.ts';
import { readDocument } from '../contracts/document.ts';
import type { ModelFormat } from '../contracts/fields.ts';
import type { Promotion } from '../contracts/ledger.ts';
import { decodePredictions, type PredictionsFile } from '../contracts/predictions.ts';
import { signatureDocument, type Signature } from '../contracts/signature.ts';
import { UserError } from '../errors/user-error.ts';
import type { Scorer } from '../model/scorer.ts';
import type { KnownRows } from './epoch.ts';
import type { ReleaseStore } from '../registry/releases.ts';
import { versionTag } from '../registry/versions.ts';
import type { ForeignModel } from './foreign-scorer.ts';
import { openModel } from './open-model.ts';

/** Names of a release's files. */
export const releaseFiles = {
  model: 'model.onnx',
  archive: 'model.tar',
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
  readonly scorer: Scorer;
  /** Its predictions on the hold-out when it was promoted; no rows where cross-validation decided. */
  readonly holdout: PredictionsFile;
  /** Its recipe's out-of-fold predictions at promotion: the development rows that it saw. */
  readonly outOfFold: PredictionsFile;
}

/** Name of the file that holds the model itself. */
export function modelAsset(format: ModelFormat): string {
  return format === 'opaque' ? releaseFiles.archive : releaseFiles.model;
}

/**
 * Fetches the champion's files and checks that the model is the one that the history names.
 * @param folder where its program runs, if it has one: the configuration's folder as it was at its commit
 * @throws UserError ASSET_MISSING, DIGEST_MISMATCH, MODEL_INVALID: without its champion nothing is judged
 */
export async function loadChampion(
  promotion: Promotion,
  releases: ReleaseStore,
  folder: string,
): Promise<Champion> {
  const { signature: signatureFile, holdout, outOfFold } = releaseFiles;
  const { tag, asset, model, files } = await readVersion(promotion, releases, [
    signatureFile,
    holdout,
    outOfFold,
  ]);
  const predictions = (name: string): PredictionsFile =>
    decodePredictions(files.get(name)!, `${tag}/${name}`);
  const text = new TextDecoder().decode(files.get(signatureFile));
  const signature = readDocument(signatureDocument, text, `${tag}/${signatureFile}`);
  return {
    promotion,
    scorer: openModel(model, `${tag}/${asset}`, aboutRelease(promotion, signature, folder)),
    holdout: predictions(holdout),
    outOfFold: predictions(outOfFold),
  };
}

/** What is known about a released model beside its bytes. */
export function aboutRelease(
  { recipe: { program, pretrained } }: Promotion,
  { task, classes, inputs }: Signature,
  folder: string,
): ForeignModel {
  return {
    ...{ task, classes, inputs: inputs.map(({ name, type }) => ({ name, type })) },
    ...{ folder, program: program ?? null, pretrained: pretrained ?? null },
  };
}

/** The champion's model alone. @throws UserError ASSET_MISSING, DIGEST_MISMATCH */
export async function readChampionModel(promotion: Promotion, releases: ReleaseStore): Promise<Uint8Array> {
  return (await readVersion(promotion, releases, [])).model;
}

/**
 * A promotion's model with other files of its version.
 * @throws UserError ASSET_MISSING, DIGEST_MISMATCH where it isn't the model that the history names
 */
export async function readVersion(promotion: Promotion, releases: ReleaseStore, others: readonly string[]) {
  const tag = versionTag(promotion.model, promotion.version);
  const asset = modelAsset(promotion.format);
  const files = await releases.read(tag, [asset, ...others]);
  return { tag, asset, files, model: checkedModel(files, promotion) };
}

function checkedModel(
  files: ReadonlyMap<string, Uint8Array>,
  { model: name, version, format, modelSha256 }: Promotion,
): Uint8Array {
  const [asset, tag] = [modelAsset(format), versionTag(name, version)];
  const model = files.get(asset)!;
  if (sha256(model) === modelSha256) return model;
  throw new UserError({
    code: 'DIGEST_MISMATCH',
    message: `${asset} of ${tag} is not the model that the history names`,
    at: { file: tag },
    fix: 'Somebody replaced the file. Restore it, or end the line with gate.baseline.restart.',
  });
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
