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
 * Keeps the documents, and the model that passed, as an artifact, so that a refused release loses nothing. Servers
 * without an artifact service are told so in the log only.
 */
export async function keepDocuments(job: Job, folder: string, { model, winner }: Verdict): Promise<void> {
  if (job.context.isEnterpriseServer) {
    job.runner.info('This server has no artifact service: documents are not kept.');
    return;
  }
  const all = await listFiles(folder);
  const files = all.filter(
    (name) => !name.startsWith('candidates/') || name.startsWith(`candidates/${winner}.`),
  );
  try {
    await handOver(job, 'report', model, folder, files);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    job.runner.warning(`The documents could not be kept as an artifact: ${error.message}`);
  }
}

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
