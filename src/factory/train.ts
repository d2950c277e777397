import { tensorflowTrainer } from '../config/program.ts';
import { sha256 } from '../contracts/digest.ts';
import type { PlannedCandidate } from '../contracts/plan.ts';
import { encodePredictions } from '../contracts/predictions.ts';
import type { Environment, Result } from '../contracts/result.ts';
import { readOnnx } from '../model/onnx/read.ts';
import { predict } from '../model/score.ts';
import { pickIdentities } from './alignment.ts';
import { runTrials, type Fit } from './all-fits.ts';
import { resultKeyOf } from './cache/key.ts';
import { sealed } from './cache/seal.ts';
import type { Workers } from './fits.ts';
import { collectOutOfFold, foldMetrics, outOfFoldConfusion, type OutOfFold } from './out-of-fold.ts';
import type { Trial } from './search/lane.ts';
import { updateWarnings } from './predecessor.ts';
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
  /**
   * Model fitted on all development rows, as it would be released: an ONNX file, or the archive of what a program
   * left. Null for a failed candidate, for the champion's recipe, and for a program that leaves no model.
   */
  readonly model: Uint8Array | null;
  /** What a program printed; null for the built-in trainers. */
  readonly log: string | null;
}

/** Cross-validates the candidates and fits each on all development rows. One that fails doesn't stop the others. */
export async function trainCandidates(
  prepared: Prepared,
  candidates: readonly PlannedCandidate[],
  context: TrainingContext,
): Promise<TrainedCandidate[]> {
  if (candidates.length === 0) return [];
  const { progress } = context;
  const startedAt = context.now().toISOString();
  const recipes = candidates.map((candidate) => ({ ...candidate, refit: candidate.role === 'candidate' }));
  const left = recipes.map(({ refit }) => prepared.folds.length + (refit ? 1 : 0));
  let far = { done: 0, most: left.reduce((sum, fits) => sum + fits, 0) };
  const trials = await runTrials(prepared, recipes, context.workers, {
    onDone: (index, done, most, isWhole) => {
      const { name } = candidates[index]!;
      far = { done, most };
      if (isWhole) left[index]!--;
      progress.update(done, most, name);
      if (left[index] === 0) progress.finished(name, '');
    },
    onLine: (index, line) => {
      const { name, trainer } = candidates[index]!;
      progress.printed?.(name, line);
      const epoch = trainer === tensorflowTrainer && /^epoch \d+ of \d+/.exec(line)?.[0];
      if (epoch) progress.update(far.done, far.most, `${name}, ${epoch}`);
    },
  });
  trials.forEach(({ stopped }, index) => {
    if (stopped !== null) progress.printed?.(candidates[index]!.name, `stopped ${stopped}`);
  });
  progress.end();
  return candidates.map((candidate, index) =>
    assemble(prepared, candidate, trials[index]!, startedAt, context),
  );
}

function assemble(
  prepared: Prepared,
  candidate: PlannedCandidate,
  { fits, rounds, stopped }: Trial,
  startedAt: string,
  { environment, runUrl }: TrainingContext,
): TrainedCandidate {
  const identity = pick(candidate);
  const all = [...rounds, ...fits];
  const failed = all.find((fit) => fit.kind === 'failed');
  const fitted = fits.filter((fit) => fit.kind === 'fitted');
  const log = candidate.program ? logOf(fits, prepared.folds.length) : null;
  const common = {
    schema: 'result/1' as const,
    ...identity,
    iterations: fitted.flatMap(({ iterations }) => iterations ?? []),
    warnings: [
      ...new Set([...updateWarnings(prepared, candidate), ...fitted.flatMap(({ warnings }) => warnings)]),
    ],
    startedAt,
    runUrl,
    trainMs: all.reduce((sum, fit) => sum + (fit.kind === 'fitted' ? fit.fitMs : 0), 0),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    environment,
    reuse: null,
  };
  const key = resultKeyOf(prepared, candidate);
  const without = {
    ...{ predictMsPer1k: null, modelBytes: null, modelSha256: null, predictionsSha256: null },
    confusion: null,
  };
  if (failed) {
    const { code, message, output } = failed;
    const failure = { code, message, output: [...output] };
    const result: Result = { ...common, ...without, status: 'failed', failure, stopped: null, metrics: {} };
    return { result, predictions: null, model: null, log };
  }
  if (stopped !== null) {
    const metrics = metricsSoFar(prepared, fitted);
    const result: Result = { ...common, ...without, status: 'stopped', failure: null, stopped, metrics };
    return { result: sealed(result, key), predictions: null, model: null, log };
  }
  const foldPredictions = fitted.slice(0, prepared.folds.length).map(({ predictions }) => predictions);
  const { dataset, folds } = prepared;
  const outputs = Math.max(dataset.classes.length, 1);
  const outOfFold = collectOutOfFold(dataset.table.rows, outputs, folds, foldPredictions);
  const predictions = predictionsFile(prepared, candidate, outOfFold);
  const { model = null, predictMsPer1k = null } = fitted.at(-1) ?? {};
  const result: Result = {
    ...common,
    status: 'ok',
    failure: null,
    stopped: null,
    metrics: foldMetrics(dataset, folds, foldPredictions, prepared.settings.metrics),
    confusion: outOfFoldConfusion(dataset, outOfFold),
    predictMsPer1k: predictMsPer1k ?? (model && timePredictions(prepared, model)),
    modelBytes: model?.length ?? null,
    modelSha256: model && sha256(model),
    predictionsSha256: sha256(predictions),
  };
  return { result: sealed(result, key), predictions, model, log };
}

/** Scores of the folds that a stopped candidate had; no mean, because others had more folds. */
function metricsSoFar(
  { dataset, folds, settings }: Prepared,
  fitted: readonly Extract<Fit, { kind: 'fitted' }>[],
): Result['metrics'] {
  const predictions = fitted.map((fit) => fit.predictions);
  const metrics = foldMetrics(dataset, folds.slice(0, fitted.length), predictions, settings.metrics);
  const missing = folds.slice(fitted.length).map(() => null);
  return Object.fromEntries(
    Object.entries(metrics).map(([name, own]) => [name, { mean: null, folds: [...own.folds, ...missing] }]),
  );
}

/** What a program printed, fit by fit. */
function logOf(fits: readonly Fit[], folds: number): string {
  return fits
    .map(({ lines }, i) =>
      [i < folds ? `== fold ${i + 1}` : '== all development rows', ...lines, ''].join('\n'),
    )
    .join('\n');
}

function pick({ name, role, trainer, params, seed, fingerprint }: PlannedCandidate) {
  return { candidate: name, role, trainer, params, seed, fingerprint };
}

function predictionsFile(
  { dataset, identities, labelChecks, config }: Prepared,
  { name, fingerprint }: PlannedCandidate,
  { rows, folds, values }: OutOfFold,
): Uint8Array {
  return encodePredictions({
    model: config.model,
    candidate: name,
    fingerprint,
    rows: rows.length,
    outputs: Math.max(dataset.classes.length, 1),
    identities: pickIdentities(identities, rows),
    labelChecks: Uint32Array.from(rows, (row) => labelChecks[row]!),
    folds,
    values,
  });
}

/** Median of five timings of up to 1,000 development rows, in milliseconds per 1,000 rows. */
export function timePredictions({ dataset, development }: Prepared, model: Uint8Array): number {
  const pipeline = readOnnx(model, 'model.onnx');
  const rows = development.slice(0, 1000);
  const timings = Array.from({ length: 5 }, () => {
    const started = performance.now();
    predict(pipeline, dataset.table, rows);
    return performance.now() - started;
  }).sort((a, b) => a - b);
  return (timings[2]! * 1000) / rows.length;
}
