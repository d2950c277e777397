import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sha256 } from '../../contracts/digest.ts';
import { readDocument } from '../../contracts/document.ts';
import { evidenceDocument } from '../../contracts/evidence.ts';
import type { Promotion } from '../../contracts/ledger.ts';
import { signatureDocument } from '../../contracts/signature.ts';
import { UserError } from '../../errors/user-error.ts';
import { formatOf } from '../../model/scorer.ts';
import { readFileOrNull } from '../../platform/files.ts';
import { parseChecksums } from '../../registry/checksums.ts';
import { findPromotion, readModels, readPromotions } from '../../registry/history.ts';
import { parseVersionTag } from '../../registry/versions.ts';
import { readVersion, releaseFiles } from '../champion.ts';
import type { ForeignModel } from '../foreign-scorer.ts';
import type { HistoryPorts } from '../ports.ts';
import { holdsLayers } from '../tensorflow/archive.ts';

/** A model's bytes, their name in messages, and the signature where the bytes don't hold it themselves. */
export interface ChosenModel {
  readonly name: string;
  readonly model: Uint8Array;
  /** Null where no `signature.json` lies beside it. */
  readonly signature: { readonly file: string; readonly text: string } | null;
  /** How another tool's file is asked; null where nothing beside it tells. */
  readonly pretrained: ForeignModel['pretrained'];
}

/**
 * The model at a path: an ONNX file, the folder of a version, or a run's folder that has one in `model/`. Where
 * `SHA256SUMS` lies beside it, the files that it lists are checked.
 * @throws UserError ARGUMENT_INVALID where nothing is there, DIGEST_MISMATCH, MODEL_INVALID for a model that only its
 * own program can read
 */
export async function modelAtPath(path: string, shown: string): Promise<ChosenModel> {
  const file = await modelFileAt(path);
  if (file === null)
    throw new UserError({
      code: 'ARGUMENT_INVALID',
      message: `"${shown}" is neither a model file nor a folder with ${releaseFiles.model} in it`,
      fix:
        'Name model.onnx or its folder, such as out/model. A version by its name, such as churn or churn@v1.2.0, ' +
        'needs its history: --ledger ./history, or --ledger origin.',
    });
  const folder = dirname(file);
  const read = async (name: string): Promise<Buffer | null> => readFileOrNull(join(folder, name));
  const model = (await read(basename(file)))!;
  refuseOpaque(model, shown);
  const signature = await read(releaseFiles.signature);
  const evidence = formatOf(model) === 'onnx' ? null : await read(releaseFiles.evidence);
  const sums = await read(releaseFiles.sums);
  if (sums) {
    const sumsFile = join(folder, releaseFiles.sums);
    const listed = parseChecksums(sums.toString(), sumsFile);
    requireDigest(listed.get(basename(file)), model, file);
    if (signature) requireDigest(listed.get(releaseFiles.signature), signature, releaseFiles.signature);
    if (evidence) requireDigest(listed.get(releaseFiles.evidence), evidence, releaseFiles.evidence);
  }
  const text = signature?.toString();
  return {
    ...{ name: shown, model },
    signature: text === undefined ? null : { file: join(folder, releaseFiles.signature), text },
    pretrained: evidence ? pretrainedIn(evidence, join(folder, releaseFiles.evidence)) : null,
  };
}

function pretrainedIn(evidence: Buffer, file: string): ForeignModel['pretrained'] {
  return readDocument(evidenceDocument, evidence.toString(), file).promotion.recipe.pretrained ?? null;
}

/** The first of: the path itself, the model in it, the model of the run in it. */
async function modelFileAt(path: string): Promise<string | null> {
  const { model, archive } = releaseFiles;
  const names = ['', model, archive, join('model', model), join('model', archive)];
  for (const name of names) {
    const candidate = name === '' ? path : join(path, name);
    if ((await stat(candidate).catch(() => null))?.isFile()) return candidate;
  }
  return null;
}

function requireDigest(listed: string | undefined, bytes: Uint8Array, file: string): void {
  if (listed === undefined || listed === sha256(bytes)) return;
  throw new UserError({
    code: 'DIGEST_MISMATCH',
    message: `${basename(file)} differs from the SHA256SUMS beside it`,
    at: { file },
    fix: 'Download the version again, or name a model that was not changed: nothing is predicted with changed files.',
  });
}

/**
 * A version of a history: `churn@v1.2.0`, or `churn` for the champion.
 * @throws UserError VERSION_UNKNOWN, ASSET_MISSING, DIGEST_MISMATCH, MODEL_INVALID
 */
export async function modelOfHistory(
  name: string,
  { ledger, releases }: Pick<HistoryPorts, 'ledger' | 'releases'>,
): Promise<ChosenModel> {
  const snapshot = await ledger.open();
  const wanted = parseVersionTag(name);
  const promotion: Promotion | null = wanted
    ? await findPromotion(snapshot, wanted.model, wanted.version)
    : ((await readPromotions(snapshot, name)).at(-1) ?? null);
  if (!promotion) {
    const models = await readModels(snapshot);
    throw new UserError({
      code: 'VERSION_UNKNOWN',
      message: `the history holds no version ${name}`,
      fix:
        models.length === 0
          ? 'It holds no model at all: check --ledger, or name a model file without it.'
          : `Write NAME for the champion or NAME@v1.2.0. Models: ${models.join(', ')}; model-factory history lists versions.`,
    });
  }
  const signatureFile = releaseFiles.signature;
  const { tag, asset, model, files } = await readVersion(promotion, releases, [signatureFile]);
  refuseOpaque(model, tag);
  const text = new TextDecoder().decode(files.get(signatureFile));
  return {
    name: `${tag}/${asset}`,
    model,
    signature: { file: `${tag}/${signatureFile}`, text },
    pretrained: promotion.recipe.pretrained ?? null,
  };
}

/** The signature that lies beside a model. @throws UserError MODEL_INVALID without one, DOCUMENT_INVALID */
export function signatureBeside({ name, signature }: ChosenModel) {
  if (signature) return readDocument(signatureDocument, signature.text, signature.file);
  throw new UserError({
    code: 'MODEL_INVALID',
    message: `${name} was made by another tool, and no signature.json beside it says what goes in and comes out`,
    fix: 'Name the folder of a version, where both lie: out/model, or what a release of the model holds.',
  });
}

function refuseOpaque(model: Uint8Array, name: string): void {
  if (formatOf(model) === 'opaque' && !holdsLayers(model)) throw opaque(name);
}

function opaque(name: string): UserError {
  return new UserError({
    code: 'MODEL_INVALID',
    message: `${name} is an archive (model.tar) that only the program which made it can ask`,
    fix:
      'Name a version that is ONNX. A program’s own model is asked by its `predict` command: unpack model.tar and ' +
      'run it on the data, or let the program write model.onnx (docs/command-candidates.md).',
  });
}
