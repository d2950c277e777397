import { sha256 } from '../contracts/digest.ts';
import type { PlannedCandidate } from '../contracts/plan.ts';
import { encodePredictions } from '../contracts/predictions.ts';
import type { Environment, Result } from '../contracts/result.ts';
import { findMetric } from '../gate/metrics/metrics.ts';
import { writeOnnx } from '../model/onnx/write.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { predict } from '../model/score.ts';
import { planFits, type FoldFitOutcome } from '../training/cross-validation.ts';
import { pickIdentities } from './alignment.ts';
import { runFits, type Workers } from './fits.ts';
import { collectOutOfFold, foldMetrics } from './out-of-fold.ts';
import type { Prepared } from './prepared.ts';
import type { ProgressSink } from './progress.ts';

/** What training asks of the world around it. */
export interface TrainingContext {
  readonly workers: Workers;
  readonly progress: ProgressSink;
  readonly environment: Environment;
  readonly runUrl: string | null;
  /** Wall clock, for the record only. */
  readonly now: () => Date;
}

/** A candidate with everything that `gate` needs of it. */
export interface TrainedCandidate {
  readonly result: Result;
  /** Bytes of the predictions file; null for a failed candidate. */
  readonly predictions: Uint8Array | null;
  /** Model fitted on all development rows; null for a failed candidate and for the champion's recipe. */
  readonly onnx: Uint8Array | null;
}

type Fitted = Extract<FoldFitOutcome, { kind: 'fitted' }>;

/** Cross-validates the candidates and fits each on all development rows. One that fails doesn't stop the others. */
export async function trainCandidates(
  prepared: Prepared,
  candidates: readonly PlannedCandidate[],
  context: TrainingContext,
): Promise<TrainedCandidate[]> {
  if (candidates.length === 0) return [];
  const { dataset, folds, development } = prepared;
  const startedAt = context.now().toISOString();
  const recipes = candidates.map((candidate) => ({ ...candidate, refit: candidate.role === 'candidate' }));
  const jobs = planFits(recipes, folds.length);
  const left = candidates.map((_, index) => jobs.filter(({ candidate }) => candidate === index).length);
  let done = 0;
  const outcomes = await runFits({ dataset, folds, development }, jobs, context.workers, {
    onOutcome: (job) => {
      const index = jobs[job]!.candidate;
      done++;
      left[index]!--;
      context.progress.update(done, jobs.length, candidates[index]!.name);
      if (left[index] === 0) context.progress.finished(candidates[index]!.name, '');
    },
  });
  context.progress.end();
  return candidates.map((candidate, index) => {
    const own = outcomes.filter((_, job) => jobs[job]!.candidate === index);
    return assemble(prepared, candidate, own, startedAt, context);
  });
}

function assemble(
  prepared: Prepared,
  candidate: PlannedCandidate,
  outcomes: readonly FoldFitOutcome[],
  startedAt: string,
  { environment, runUrl }: TrainingContext,
): TrainedCandidate {
  const identity = pick(candidate);
  const failed = outcomes.find((outcome) => outcome.kind === 'failed');
  const fitted = outcomes.filter((outcome): outcome is Fitted => outcome.kind === 'fitted');
  const common = {
    schema: 'result/1' as const,
    ...identity,
    iterations: fitted.map(({ iterations }) => iterations),
    warnings: [...new Set(fitted.flatMap(({ warnings }) => warnings))],
    startedAt,
    runUrl,
    trainMs: fitted.reduce((sum, { fitMs }) => sum + fitMs, 0),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    environment,
  };
  if (failed) {
    const { code, message } = failed;
    const result: Result = {
      ...common,
      status: 'failed',
      failure: { code, message },
      metrics: {},
      predictMsPer1k: null,
      modelBytes: null,
      modelSha256: null,
      predictionsSha256: null,
    };
    return { result, predictions: null, onnx: null };
  }
  const foldPredictions = fitted.slice(0, prepared.folds.length).map(({ predictions }) => predictions);
  const predictions = predictionsFile(prepared, candidate, foldPredictions);
  const pipeline = fitted.at(-1)?.pipeline ?? null;
  const onnx = pipeline && writeOnnx(pipeline);
  const result: Result = {
    ...common,
    status: 'ok',
    failure: null,
    metrics: foldMetrics(prepared.dataset, prepared.folds, foldPredictions, prepared.settings.metrics),
    predictMsPer1k: pipeline && timePredictions(prepared, pipeline),
    modelBytes: onnx?.length ?? null,
    modelSha256: onnx && sha256(onnx),
    predictionsSha256: sha256(predictions),
  };
  return { result, predictions, onnx };
}

function pick({ name, role, trainer, params, seed, fingerprint }: PlannedCandidate) {
  return { candidate: name, role, trainer, params, seed, fingerprint };
}

function predictionsFile(
  { dataset, folds, identities, labelChecks, config }: Prepared,
  { name, fingerprint }: PlannedCandidate,
  predictions: readonly Float64Array[],
): Uint8Array {
  const outputs = Math.max(dataset.classes.length, 1);
  const outOfFold = collectOutOfFold(dataset.table.rows, outputs, folds, predictions);
  const { rows } = outOfFold;
  return encodePredictions({
    model: config.model,
    candidate: name,
    fingerprint,
    rows: rows.length,
    outputs,
    identities: pickIdentities(identities, rows),
    labelChecks: Uint32Array.from(rows, (row) => labelChecks[row]!),
    folds: outOfFold.folds,
    values: outOfFold.values,
  });
}

/** Median of five timings of up to 1,000 development rows, in milliseconds per 1,000 rows. */
function timePredictions({ dataset, development }: Prepared, pipeline: Pipeline): number {
  const rows = development.slice(0, 1000);
  const timings = Array.from({ length: 5 }, () => {
    const started = performance.now();
    predict(pipeline, dataset.table, rows);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return (timings[2]! * 1000) / rows.length;
}

/** Orders results best first by the mean of a metric; failed and undefined ones last. */
export function rankResults(results: readonly Result[], metric: string): Result[] {
  const sign = findMetric(metric).better === 'higher' ? 1 : -1;
  const score = ({ status, metrics }: Result): number => {
    const mean = metrics[metric]?.mean ?? null;
    return status === 'failed' || mean === null ? -Infinity : sign * mean;
  };
  return [...results].sort((a, b) => score(b) - score(a) || (a.candidate < b.candidate ? -1 : 1));
}
