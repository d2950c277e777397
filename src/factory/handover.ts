import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createConfigSchema } from '../config/schema.ts';
import { sha256 } from '../contracts/digest.ts';
import { readDocument, writeDocument } from '../contracts/document.ts';
import { planDocument, type Plan } from '../contracts/plan.ts';
import { resultDocument, type Result } from '../contracts/result.ts';
import { decodeSplit, encodeSplit } from '../contracts/split.ts';
import { verdictDocument, type Verdict } from '../contracts/verdict.ts';
import { UserError } from '../errors/user-error.ts';
import { formatOf } from '../model/scorer.ts';
import { listFiles, readFileOrNull, writeFileAtomic } from '../platform/files.ts';
import { catalogue } from './catalogue.ts';
import { releaseFiles } from './champion.ts';
import { isNeedless } from './needless.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepared.ts';
import { predecessorFrom } from './predecessor.ts';
import { modelOf, withModel } from './pretrained/given.ts';
import type { TrainedCandidate } from './train.ts';

/** Names of the documents in a run's folder; artifacts hold the same names. */
export const documentFiles = {
  plan: 'plan.json',
  split: 'split.bin',
  verdict: 'verdict.json',
  basePlan: 'base-plan.json',
  report: 'report.md',
} as const;

/** Names of what training leaves of a candidate. */
export const candidateFiles = {
  result: (name: string): string => `results/${name}.json`,
  predictions: (name: string): string => `predictions/${name}.bin`,
  model: (name: string): string => `candidates/${name}.onnx`,
  /** The model of a program that alone can read it. */
  archive: (name: string): string => `candidates/${name}.tar`,
  log: (name: string): string => `logs/${name}.log`,
} as const;

/** Where a model lies that is not trained here. */
const givenFile = (digest: string): string => `given/${digest}.onnx`;

/** Which rows of the table the predecessor has learnt from: a byte for each. */
const seenFile = 'given/seen.bin';

/** Where a candidate's model lies, by what it is. */
export function modelFile(name: string, model: Uint8Array): string {
  return formatOf(model) === 'opaque' ? candidateFiles.archive(name) : candidateFiles.model(name);
}

/** Folder of the model that was published. */
const modelFolder = 'model';

/** Removes what an earlier run left in the folder, and nothing else: the files that its plan accounts for. */
export async function clearDocuments(folder: string): Promise<void> {
  const found = await readFileOrNull(join(folder, documentFiles.plan));
  const earlier = found && planDocument.schema.safeParse(parsed(found)).data;
  if (!earlier) return;
  const names = [
    ...[documentFiles.verdict, documentFiles.basePlan, documentFiles.report],
    ...earlier.candidates.flatMap(({ name }) => Object.values(candidateFiles).map((file) => file(name))),
    ...Object.values(releaseFiles).map((name) => `${modelFolder}/${name}`),
    ...(earlier.predecessor?.kind === 'known' ? [givenFile(earlier.predecessor.modelSha256), seenFile] : []),
    ...earlier.candidates.flatMap(({ pretrained }) => (pretrained ? givenFile(pretrained.sha256) : [])),
  ];
  for (const name of names) await rm(join(folder, name), { force: true });
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return null;
  }
}

/** Writes the published files beside the documents. */
export async function saveModel(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, content] of files) await write(folder, `${modelFolder}/${name}`, content);
}

/** Writes the plan with the rows it drew and the models that only it has. Returns the names written. */
export async function savePlan(folder: string, plan: Plan, prepared: Prepared): Promise<string[]> {
  const { dataset, development, holdout, folds } = prepared;
  await write(folder, documentFiles.plan, writeDocument(planDocument, plan));
  await write(
    folder,
    documentFiles.split,
    encodeSplit({ rows: dataset.table.rows, development, holdout, folds }),
  );
  const names: string[] = [documentFiles.plan, documentFiles.split];
  for (const [digest, model] of modelsToHandOver(plan, prepared)) {
    await write(folder, givenFile(digest), model);
    names.push(givenFile(digest));
  }
  if (prepared.predecessor?.kind === 'known') {
    const { model, seen } = prepared.predecessor;
    await write(folder, givenFile(sha256(model)), model);
    await write(folder, seenFile, seen);
    names.push(givenFile(sha256(model)), seenFile);
  }
  return names;
}

/** The predecessor as the plan handed it over. @throws UserError ARTIFACT_MISSING, DIGEST_MISMATCH */
export async function withPredecessor(folder: string, plan: Plan, prepared: Prepared): Promise<Prepared> {
  const record = plan.predecessor;
  if (record?.kind !== 'known') return { ...prepared, predecessor: record };
  const name = givenFile(record.modelSha256);
  const [model, seen] = [await bytes(folder, name), await bytes(folder, seenFile)];
  verify(name, model, record.modelSha256);
  verify(seenFile, seen, record.seenSha256);
  return { ...prepared, predecessor: predecessorFrom(record, model, seen) };
}

/** The champion's model travels with the plan where no file of the checkout is it. */
function modelsToHandOver({ candidates }: Plan, { given }: Prepared): [string, Uint8Array][] {
  const atHand = new Set(given.files.values());
  return candidates.flatMap(({ pretrained }): [string, Uint8Array][] => {
    if (!pretrained || atHand.has(pretrained.sha256)) return [];
    return [[pretrained.sha256, modelOf(given, pretrained)]];
  });
}

/**
 * The data with every model that the candidates need: from the checkout, or from the hand-over.
 * @throws UserError DIGEST_MISMATCH where neither holds it
 */
export async function withGivenModels(
  folder: string,
  candidates: Plan['candidates'],
  prepared: Prepared,
): Promise<Prepared> {
  let { given } = prepared;
  for (const { pretrained } of candidates) {
    if (!pretrained || given.bytes.has(pretrained.sha256)) continue;
    const found = await readFileOrNull(join(folder, givenFile(pretrained.sha256)));
    if (!found) throw otherModel(pretrained.model);
    verify(givenFile(pretrained.sha256), found, pretrained.sha256);
    given = withModel(given, found);
  }
  return { ...prepared, given };
}

function otherModel(file: string): UserError {
  return new UserError({
    code: 'DIGEST_MISMATCH',
    message: `${file} is not the model that the plan was made for`,
    at: { file },
    fix: 'Let all jobs of a run check out the same commit, with `lfs: true` where Git LFS keeps the model.',
  });
}

export async function loadPlan(folder: string): Promise<Plan> {
  return readDocument(planDocument, await text(folder, documentFiles.plan), documentFiles.plan);
}

/**
 * Reads this checkout's data with the plan's own configuration and rows.
 * @throws UserError DIGEST_MISMATCH where the checkout holds other data than the plan was made for
 */
export async function prepareByPlan(folder: string, plan: Plan, dataFolder: string): Promise<Prepared> {
  const config = createConfigSchema(catalogue).parse(plan.config);
  const split = decodeSplit(await bytes(folder, documentFiles.split), documentFiles.split);
  const prepared = await prepare({ config, folder: dataFolder, epoch: plan.split.epoch, split });
  if (prepared.fingerprint === plan.data.fingerprint && prepared.splitDigest === plan.split.digest)
    return prepared;
  throw new UserError({
    code: 'DIGEST_MISMATCH',
    message: 'this checkout holds other data than the plan was made for',
    at: { file: plan.data.source },
    fix: 'Let all jobs of a run check out the same commit, and fetch the same state of the data; on a laptop: plan again.',
  });
}

/** Writes results, predictions and models. Returns the names written. */
export async function saveTrained(folder: string, trained: readonly TrainedCandidate[]): Promise<string[]> {
  const names: string[] = [];
  const save = async (name: string, content: string | Uint8Array): Promise<void> => {
    await write(folder, name, content);
    names.push(name);
  };
  for (const { result, predictions, model, log } of trained) {
    const { candidate } = result;
    await save(candidateFiles.result(candidate), writeDocument(resultDocument, result));
    if (predictions) await save(candidateFiles.predictions(candidate), predictions);
    if (model) await save(modelFile(candidate, model), model);
    if (log !== null) await save(candidateFiles.log(candidate), log);
  }
  return names;
}

/** Every candidate whose result lies in the folder. */
export async function loadTrained(folder: string): Promise<TrainedCandidate[]> {
  const files = (await listFiles(folder)).filter((name) => /^results\/[^/]+\.json$/.test(name));
  return Promise.all(
    files.map(async (name) =>
      withFiles(folder, readDocument(resultDocument, await text(folder, name), name)),
    ),
  );
}

/** The result of one candidate that lies in the folder, without its files; null where there is none. */
export async function loadResult(folder: string, candidate: string): Promise<Result | null> {
  const name = candidateFiles.result(candidate);
  const found = await readFileOrNull(join(folder, name));
  return found && readDocument(resultDocument, found.toString(), name);
}

/** A result with its files, as far as they are there. @throws UserError DIGEST_MISMATCH */
export async function withFiles(folder: string, result: Result): Promise<TrainedCandidate> {
  const { candidate } = result;
  const predictions = await readFileOrNull(join(folder, candidateFiles.predictions(candidate)));
  const model =
    (await readFileOrNull(join(folder, candidateFiles.model(candidate)))) ??
    (await readFileOrNull(join(folder, candidateFiles.archive(candidate))));
  const log = await readFileOrNull(join(folder, candidateFiles.log(candidate)));
  verify(candidateFiles.predictions(candidate), predictions, result.predictionsSha256);
  if (model)
    verify(modelFile(candidate, model), model, result.modelBytes === model.length && result.modelSha256);
  return { result, predictions, model, log: log?.toString() ?? null };
}

/**
 * Makes sure that every candidate of the plan was trained, before anything is judged.
 * @throws UserError ARTIFACT_MISSING, naming those without a result
 */
export async function requireTrained(folder: string, { candidates, shards, cached }: Plan): Promise<void> {
  if (isNeedless({ shards, cached })) return;
  const files = new Set(await listFiles(folder));
  const missing = candidates.filter(({ name }) => !files.has(candidateFiles.result(name)));
  if (missing.length === 0) return;
  const waiting = [...new Set(missing.map(({ shard }) => shard))].sort((a, b) => a - b);
  throw new UserError({
    code: 'ARTIFACT_MISSING',
    message: `not trained yet: ${missing.map(({ name }) => name).join(', ')}`,
    at: { file: folder },
    fix: `Run model-factory train with the same --out (${waiting.length === 1 ? 'shard' : 'shards'} ${waiting.join(', ')}).`,
  });
}

/** A file that is there must be the one that the result names; `comment` gets results without the files. */
function verify(name: string, content: Uint8Array | null, expected: string | null | false): void {
  if (content === null || sha256(content) === expected) return;
  throw new UserError({
    code: 'DIGEST_MISMATCH',
    message: `${name} is not the file that its result names`,
    at: { file: name },
    fix: 'Run the training step again; nothing is judged on changed files.',
  });
}

export async function saveVerdict(folder: string, verdict: Verdict, report: string): Promise<string[]> {
  await write(folder, documentFiles.verdict, writeDocument(verdictDocument, verdict));
  await write(folder, documentFiles.report, report);
  return [documentFiles.verdict, documentFiles.report];
}

export async function loadVerdict(folder: string): Promise<Verdict> {
  return readDocument(verdictDocument, await text(folder, documentFiles.verdict), documentFiles.verdict);
}

/** The plan of the base side, for the report's "what changed"; null where there is none. */
export async function saveBasePlan(folder: string, plan: Plan | null): Promise<string[]> {
  if (!plan) return [];
  await write(folder, documentFiles.basePlan, writeDocument(planDocument, plan));
  return [documentFiles.basePlan];
}

export async function loadBasePlan(folder: string): Promise<Plan | null> {
  const found = await readFileOrNull(join(folder, documentFiles.basePlan));
  return found && readDocument(planDocument, found.toString(), documentFiles.basePlan);
}

function write(folder: string, name: string, content: string | Uint8Array): Promise<void> {
  return writeFileAtomic(join(folder, name), content);
}

async function text(folder: string, name: string): Promise<string> {
  return (await bytes(folder, name)).toString();
}

async function bytes(folder: string, name: string): Promise<Buffer> {
  const found = await readFileOrNull(join(folder, name));
  if (found) return found;
  throw new UserError({
    code: 'ARTIFACT_MISSING',
    message: `the hand-over holds no ${name}`,
    at: { file: name },
    fix: 'Pass the artifact id that the earlier step put out; on a laptop: run the earlier step with the same --out.',
  });
}
