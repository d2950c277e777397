import { sha256 } from '../../contracts/digest.ts';
import { readDocument } from '../../contracts/document.ts';
import { goldenDocument } from '../../contracts/golden.ts';
import { signatureDocument } from '../../contracts/signature.ts';
import type { Promotion } from '../../contracts/ledger.ts';
import { UserError } from '../../errors/user-error.ts';
import { checkGolden } from '../../model/golden.ts';
import type { GitHub } from '../../platform/github/client.ts';
import { contains, readCommit } from '../../platform/github/git-data.ts';
import { findPromotion } from '../../registry/history.ts';
import { aboutRelease, modelAsset, releaseFiles } from '../champion.ts';
import { openModel } from '../open-model.ts';
import type { DeployTarget } from './target.ts';
import type { HistoryPorts } from '../ports.ts';

/** A version whose commit, history and files were found to belong together. */
export interface CheckedVersion {
  readonly promotion: Promotion;
  /** Every file of the release that `SHA256SUMS` lists, and itself. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** How many golden rows the model was asked. */
  readonly goldenRows: number;
}

/**
 * Checks a version before anything of it is used: its commit is part of the default branch at `head`, the history
 * promoted this model from this commit, every file has the digest of `SHA256SUMS`, and the model answers its golden
 * rows as it did when it was released.
 * @throws UserError COMMIT_FOREIGN, TAG_INVALID, ASSET_MISSING, DIGEST_MISMATCH, MODEL_INVALID, GOLDEN_MISMATCH, ONNXRUNTIME_MISSING
 */
export async function checkVersion(
  target: DeployTarget,
  github: GitHub,
  { ledger, releases }: HistoryPorts,
  branch: { readonly name: string; readonly head: string },
): Promise<CheckedVersion> {
  const { model, version, name } = target;
  const commit = await mergedCommit(target, github, branch);
  const promotion = await findPromotion(await ledger.open(), model, version);
  if (promotion === null) throw forged(name, `the history knows no promotion of ${name}`);
  if (promotion.commit !== null && promotion.commit !== commit)
    throw forged(
      name,
      `${name} was promoted from ${short(promotion.commit)}, but its tag stands on ${short(commit)}`,
    );
  const files = await releases.read(name, 'all');
  const asset = modelAsset(promotion.format);
  const bytes = fileOf(files, asset, name);
  if (sha256(bytes) !== promotion.modelSha256)
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      message: `${asset} of ${name} is not the model that the history names`,
      at: { file: `${name}/${asset}` },
      fix: 'Somebody replaced the file: deploy another version, and find out who may write releases.',
    });
  // What only its own program can read needs that to answer: its digest must do here.
  const goldenRows = promotion.format === 'opaque' ? 0 : answerGolden(files, promotion, name);
  return { promotion, files, goldenRows };
}

/** The commit of the default branch that a version was made from: where it stands, or the parent of an empty child. */
async function mergedCommit(
  { name, commit }: DeployTarget,
  github: GitHub,
  branch: { readonly name: string; readonly head: string },
): Promise<string> {
  if (await contains(github, branch.head, commit)) return commit;
  const { tree, parents } = await readCommit(github, commit);
  const [parent, ...others] = parents;
  const isEmpty =
    parent !== undefined && others.length === 0 && (await readCommit(github, parent)).tree === tree;
  if (isEmpty && (await contains(github, branch.head, parent))) return parent;
  throw new UserError({
    code: 'COMMIT_FOREIGN',
    message: `${name} stands on ${short(commit)}, which is not part of the default branch ${branch.name}`,
    at: { name },
    fix: 'Only what was merged is deployed: merge it, or tag another version.',
  });
}

/** Another tool's ONNX file is asked through onnxruntime. */
function answerGolden(files: ReadonlyMap<string, Uint8Array>, promotion: Promotion, name: string): number {
  const text = (file: string): string => new TextDecoder().decode(fileOf(files, file, name));
  const file = `${name}/${releaseFiles.golden}`;
  const expected = readDocument(goldenDocument, text(releaseFiles.golden), file);
  const signature = readDocument(
    signatureDocument,
    text(releaseFiles.signature),
    `${name}/${releaseFiles.signature}`,
  );
  const model = fileOf(files, releaseFiles.model, name);
  const check = checkGolden(
    openModel(model, `${name}/${releaseFiles.model}`, aboutRelease(promotion, signature, process.cwd())),
    expected,
  );
  if (check.kind === 'equal') return expected.rows.length;
  const [place, said] =
    check.kind === 'other-inputs'
      ? [{ file }, 'asks for other columns than the model has']
      : [
          { file, row: check.row },
          `expects ${show(check.expected)}, and the model says ${show(check.actual)}`,
        ];
  throw new UserError({
    code: 'GOLDEN_MISMATCH',
    message: `a golden row of ${name} ${said}`,
    at: place,
    fix: 'Model and golden rows do not belong together: deploy another version.',
  });
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, file: string, name: string): Uint8Array {
  const found = files.get(file);
  if (found) return found;
  throw new UserError({
    code: 'ASSET_MISSING',
    message: `the release ${name} has no ${file}`,
    at: { name },
    fix: 'Deploy another version; a release of the factory always has it.',
  });
}

function forged(name: string, message: string): UserError {
  return new UserError({
    code: 'TAG_INVALID',
    message,
    at: { name },
    fix: 'Version tags are made by the factory alone: deploy another version, and find out who made or moved this tag.',
  });
}

const short = (commit: string): string => commit.slice(0, 7);
const show = (values: readonly number[]): string => values.slice(0, 4).join(', ');
