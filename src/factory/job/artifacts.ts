import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Verdict } from '../../contracts/verdict.ts';
import { UserError } from '../../errors/user-error.ts';
import { systemClock } from '../../platform/clock.ts';
import { listFiles } from '../../platform/files.ts';
import {
  artifactName,
  downloadArtifact,
  listArtifacts,
  uploadArtifact,
  type ArtifactFacts,
} from '../../platform/github/artifacts.ts';
import type { Job } from './job.ts';
import type { PublishOutcome } from '../publish.ts';

/** Folder of this step's documents, outside the workspace. */
export function outFolderOf(step: string): string {
  return join(process.env['RUNNER_TEMP'] ?? tmpdir(), `model-factory-${step}-${process.pid}`);
}

const surroundings = ({ runner }: Job) => ({ clock: systemClock, logger: runner });

/** Uploads files of a folder as one artifact whose name carries model, run and attempt. Returns its id. */
export async function handOver(
  job: Job,
  kind: string,
  model: string,
  root: string,
  files: readonly string[],
): Promise<number> {
  const { runId, runAttempt } = job.context;
  const name = artifactName('mf', model, kind, runId, runAttempt);
  return (await uploadArtifact({ name, root, files }, surroundings(job))).id;
}

/** Downloads an artifact of this run into a fresh folder. */
export async function takeOver(job: Job, id: number, step: string): Promise<string> {
  const folder = outFolderOf(step);
  await downloadArtifact(id, folder, surroundings(job));
  return folder;
}

/**
 * Downloads the newest verdict about a model that another run of this repository handed over.
 * @throws UserError ARTIFACT_MISSING where that run has none, or its artifacts have expired
 */
export async function takeOverVerdict(
  job: Job,
  token: string,
  { runId, model }: { readonly runId: number; readonly model: string },
): Promise<string> {
  const { owner: repositoryOwner, repo: repositoryName } = job.context;
  const otherRun = { token, workflowRunId: runId, repositoryOwner, repositoryName };
  const found = (await listArtifacts({ ...surroundings(job), otherRun }))
    .filter(({ name }) => /^mf-(.+)-(?:verdict|report)-\d+-\d+$/.exec(name)?.[1] === model)
    .sort((a, b) => b.id - a.id)[0];
  if (!found)
    throw new UserError({
      code: 'ARTIFACT_MISSING',
      message: `run ${runId} holds no verdict about ${model}`,
      fix: 'Name the run whose gate passed; artifacts expire, so it may be too old.',
    });
  const folder = outFolderOf('publish');
  await downloadArtifact(found.id, folder, { ...surroundings(job), otherRun });
  return folder;
}

/** Downloads the verdicts of this run into a folder each: of each model the newest attempt, models by name. */
export async function takeOverVerdicts(job: Job): Promise<string[]> {
  const newest = await newestByKey(job, /^mf-(.+)-(?:verdict|report)-(\d+)-(\d+)$/);
  if (newest.length === 0)
    throw new UserError({
      code: 'ARTIFACT_MISSING',
      message: 'this run has handed over no verdict',
      fix: 'Let this job need the jobs that judge: `needs: [check]`.',
    });
  return Promise.all(newest.map(({ id }, i) => takeOver(job, id, `comment-${i}`)));
}

/** Downloads what the shards of this run handed over: of each shard the newest attempt. */
export async function takeOverShards(job: Job, model: string, folder: string): Promise<void> {
  for (const { id, key } of await newestByKey(job, /^mf-(.+-shard-\d+)-(\d+)-(\d+)$/))
    if (key.replace(/-shard-\d+$/, '') === model) await downloadArtifact(id, folder, surroundings(job));
}

/** More than this is quicker trained than downloaded. */
const mostResultBytes = 500 * 1024 * 1024;

/**
 * Downloads what another run of this repository trained of a model into one folder: what its plan took over, each shard,
 * or all in one; of each the newest attempt. Null where there is nothing, or too much.
 */
export async function takeOverResults(
  job: Job,
  token: string,
  { runId, model }: { readonly runId: number; readonly model: string },
): Promise<string | null> {
  const { owner: repositoryOwner, repo: repositoryName } = job.context;
  const otherRun = { token, workflowRunId: runId, repositoryOwner, repositoryName };
  const where = { ...surroundings(job), otherRun };
  const newest = new Map<string, ArtifactFacts & { attempt: number }>();
  for (const found of await listArtifacts(where)) {
    const [, about, kind = '', run, attempt] = resultsName.exec(found.name) ?? [];
    if (about !== model || Number(run) !== runId) continue;
    if ((newest.get(kind)?.attempt ?? 0) < Number(attempt))
      newest.set(kind, { ...found, attempt: Number(attempt) });
  }
  const size = [...newest.values()].reduce((sum, own) => sum + own.size, 0);
  if (newest.size === 0 || size > mostResultBytes) return null;
  const folder = outFolderOf(`run-${runId}`);
  for (const artifact of newest.values()) await downloadArtifact(artifact.id, folder, where, artifact);
  return folder;
}

const resultsName = /^mf-(.+)-(plan|shard-\d+|report)-(\d+)-(\d+)$/;

/** The newest attempt of each artifact of this run. `pattern` finds key, run and attempt in its name. */
async function newestByKey(job: Job, pattern: RegExp): Promise<{ key: string; id: number }[]> {
  const newest = new Map<string, { id: number; attempt: number }>();
  for (const { id, name } of await listArtifacts(surroundings(job))) {
    const [, key, run, attempt] = pattern.exec(name) ?? [];
    if (key === undefined || run !== job.context.runId) continue;
    const known = newest.get(key);
    if (!known || known.attempt < Number(attempt)) newest.set(key, { id, attempt: Number(attempt) });
  }
  return [...newest].map(([key, { id }]) => ({ key, id })).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/**
 * Keeps documents and models as an artifact, so that a refused release loses nothing. Servers
 * without an artifact service are told so in the log only.
 */
export async function keepDocuments(job: Job, folder: string, { model, winner }: Verdict): Promise<void> {
  if (job.context.isEnterpriseServer) {
    job.runner.info('This server has no artifact service: documents are not kept.');
    return;
  }
  const files = await worthKeeping(folder, winner);
  try {
    await handOver(job, 'report', model, folder, files);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    job.runner.warning(`The documents could not be kept as an artifact: ${error.message}`);
  }
}

/** All but the models that don't fit: the winner's comes first, then the smaller ones, which the next run may take over. */
async function worthKeeping(folder: string, winner: string | null): Promise<string[]> {
  const all = await listFiles(folder);
  const isModel = (name: string): boolean => name.startsWith('candidates/');
  const models = await Promise.all(
    all.filter(isModel).map(async (name) => ({ name, bytes: (await stat(join(folder, name))).size })),
  );
  const isFirst = ({ name }: { name: string }): boolean => name.startsWith(`candidates/${winner}.`);
  const sorted = models.toSorted((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || a.bytes - b.bytes);
  const kept = new Set<string>();
  let room = mostModelBytes;
  for (const model of sorted) {
    room -= model.bytes;
    if (room >= 0 || isFirst(model)) kept.add(model.name);
  }
  return all.filter((name) => !isModel(name) || kept.has(name));
}

const mostModelBytes = 100 * 1024 * 1024;

/** Outputs and log line of a published version. */
export function announceVersion(
  { runner }: Job,
  published: Extract<PublishOutcome, { kind: 'published' }> | null,
): void {
  runner.setOutput('version', published?.promotion.version ?? '');
  runner.setOutput('release-url', published?.url ?? '');
  if (published)
    runner.info(`Published ${published.promotion.model}@${published.promotion.version}: ${published.url}`);
}
