import { sha256, canonicalJson } from '../contracts/digest.ts';
import { writeDocument } from '../contracts/document.ts';
import { evidenceDocument } from '../contracts/evidence.ts';
import { goldenDocument } from '../contracts/golden.ts';
import type { Promotion } from '../contracts/ledger.ts';
import type { Plan } from '../contracts/plan.ts';
import { encodePredictions } from '../contracts/predictions.ts';
import { profileDocument } from '../contracts/profile.ts';
import { signatureDocument } from '../contracts/signature.ts';
import type { Verdict } from '../contracts/verdict.ts';
import { findMetric } from '../gate/metrics/metrics.ts';
import { formatChecksums } from '../registry/checksums.ts';
import { goldenFor } from '../model/golden.ts';
import { readOnnx } from '../model/onnx/read.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { profileOf } from '../model/profile.ts';
import type { Scorer } from '../model/scorer.ts';
import { foreignSignature, signatureOf } from '../model/signature.ts';
import { pickIdentities } from './alignment.ts';
import { modelAsset, releaseFiles } from './champion.ts';
import { coefficientsOf } from './coefficients.ts';
import { meanContributions } from './contributions.ts';
import { permutationImportance } from './importance.ts';
import { modelCard } from './model-card.ts';
import { aboutCandidate, openModel } from './open-model.ts';
import type { Prepared } from './prepared.ts';
import { tensorsUsed } from './pretrained/signature.ts';
import type { TrainedCandidate } from './train.ts';

/** What callers of a model rely on; a change of it is a new major version. */
export function interfaceSha256({
  task,
  classes,
  inputs,
}: Pick<Pipeline, 'task' | 'classes' | 'inputs'>): string {
  const names = inputs.map(({ name, type }) => ({ name, type })).sort((a, b) => (a.name < b.name ? -1 : 1));
  return sha256(canonicalJson({ task, classes, inputs: names }));
}

export interface ReleaseRequest {
  readonly prepared: Prepared;
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly winner: TrainedCandidate;
  readonly promotion: Promotion;
}

/** All files of a version, `SHA256SUMS` among them. Equal requests give equal bytes. */
export function releaseContent({
  prepared,
  plan,
  verdict,
  winner,
  promotion,
}: ReleaseRequest): Map<string, Uint8Array> {
  const { model, predictions, result } = winner;
  if (!model || !predictions) throw new Error(`${result.candidate} has no model to release`);
  const { dataset, development, config } = prepared;
  const asset = modelAsset(promotion.format);
  const about = aboutCandidate(prepared, plan, result.candidate, model);
  const scorer = openModel(model, asset, about);
  const scores = scorer.score(dataset.table, development);
  const profile = profileOf(scorer, dataset.table, development, scores);
  const golden = goldenFor(scorer, profile, config.validation.seed);
  const pipeline = scorer.format === 'onnx' ? readOnnx(model, asset) : null;
  const tensors = about.pretrained && tensorsUsed(model, about.pretrained);
  const signature = pipeline ? signatureOf(pipeline) : foreignSignature(scorer, profile, tensors);
  const coefficients = pipeline && coefficientsOf(prepared, result, pipeline);
  const metric = findMetric(plan.rankingMetric);
  const look = { scorer, dataset, metric, seed: config.validation.seed };
  const importance = permutationImportance(look, development);
  const contributions =
    pipeline && meanContributions(pipeline, dataset.table, development, config.validation.seed);
  const evidence = { schema: 'evidence/1' as const, promotion, plan, verdict, result };
  const files = new Map<string, Uint8Array>([
    [asset, model],
    [releaseFiles.signature, bytes(writeDocument(signatureDocument, signature))],
    [releaseFiles.profile, bytes(writeDocument(profileDocument, profile))],
    [releaseFiles.golden, bytes(writeDocument(goldenDocument, golden))],
    [
      releaseFiles.card,
      bytes(
        modelCard({
          prepared,
          plan,
          verdict,
          promotion,
          result,
          profile,
          importance,
          coefficients,
          contributions,
        }),
      ),
    ],
    [releaseFiles.evidence, bytes(writeDocument(evidenceDocument, evidence))],
    [releaseFiles.outOfFold, predictions],
    [releaseFiles.holdout, holdoutPredictions(prepared, scorer, winner)],
  ]);
  files.set(releaseFiles.sums, bytes(formatChecksums(files)));
  return files;
}

/** The released model's predictions on the hold-out, so that a later run sees which of these rows changed. */
function holdoutPredictions(prepared: Prepared, scorer: Scorer, { result }: TrainedCandidate): Uint8Array {
  const { dataset, holdout, identities, labelChecks, config } = prepared;
  return encodePredictions({
    model: config.model,
    candidate: result.candidate,
    fingerprint: result.fingerprint,
    rows: holdout.length,
    outputs: Math.max(dataset.classes.length, 1),
    identities: pickIdentities(identities, holdout),
    labelChecks: Uint32Array.from(holdout, (row) => labelChecks[row]!),
    folds: new Uint8Array(holdout.length),
    values: scorer.score(dataset.table, holdout),
  });
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
