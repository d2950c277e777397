import { mkdir, realpath } from 'node:fs/promises';
import { relative, isAbsolute, join } from 'node:path';
import { UserError } from '../../errors/user-error.ts';
import { backoffMs, type Clock } from '../clock.ts';
import { isRegularFile, reasonOf } from '../files.ts';
import type { Logger } from '../logger.ts';

/** An artifact of this workflow run. */
export interface ArtifactFacts {
  readonly id: number;
  readonly name: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** `sha256:…` of the archive, or null where the service doesn't say. */
  readonly digest: string | null;
}

export interface ArtifactFiles {
  readonly name: string;
  /** Folder that the paths count from. */
  readonly root: string;
  /** Exactly these files, relative to `root`. */
  readonly files: readonly string[];
  readonly retentionDays?: number;
}

/** What tests and callers must give: time, and where to tell of trouble. */
export interface ArtifactSurroundings {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Another run of the repository to read from; this run without it. The token needs `actions: read`. */
  readonly otherRun?: OtherRun | undefined;
}

export interface OtherRun {
  readonly token: string;
  readonly workflowRunId: number;
  readonly repositoryOwner: string;
  readonly repositoryName: string;
}

const mostAttempts = 4;
/** The client's list stops here with no more than a warning. */
const mostArtifacts = 1000;
const forbiddenInNames = /["':<>|*?\r\n\\/]/;

/** A name that the artifact service and every file system take. */
export function artifactName(...parts: readonly (string | number)[]): string {
  const name = parts.join('-');
  if (name === '' || name.length > 200 || forbiddenInNames.test(name)) {
    throw new Error(`not a name for an artifact: ${name}`);
  }
  return name;
}

/**
 * Uploads files as one artifact. Names are unique in a run, so they carry the attempt; the same name is never
 * written twice.
 * @throws UserError ARTIFACT_CONFLICT, ARTIFACT_UNAVAILABLE, GHES_NO_ARTIFACTS
 */
export async function uploadArtifact(
  upload: ArtifactFiles,
  surroundings: ArtifactSurroundings,
): Promise<ArtifactFacts> {
  const root = await realpath(upload.root);
  const paths = await Promise.all(upload.files.map((file) => safePath(root, file)));
  const client = await loadClient();
  const name = artifactName(upload.name);
  let lost = false;
  return patiently(`upload the artifact ${name}`, surroundings, async () => {
    try {
      const options = upload.retentionDays === undefined ? {} : { retentionDays: upload.retentionDays };
      const { id, size, digest } = await client.uploadArtifact(name, paths, root, options);
      if (id === undefined) throw new Error('the service gave no id');
      return { id, name, size: size ?? 0, digest: digest === undefined ? null : withPrefix(digest) };
    } catch (error) {
      if (!isConflict(error)) {
        lost = true;
        throw error;
      }
      // The name carries run, attempt and job: after a lost answer the artifact of this name is ours.
      const existing = lost ? await findArtifact(name, surroundings) : null;
      if (existing !== null) return existing;
      throw conflict(name, error);
    }
  });
}

/** All artifacts of this run, newest first where a name occurs in several attempts. */
export async function listArtifacts(surroundings: ArtifactSurroundings): Promise<ArtifactFacts[]> {
  const client = await loadClient();
  const run = surroundings.otherRun;
  const what = `list the artifacts of ${run ? `run ${run.workflowRunId}` : 'this run'}`;
  return patiently(what, surroundings, async () => {
    const { artifacts } = await client.listArtifacts(findBy(surroundings));
    if (artifacts.length >= mostArtifacts) throw tooMany();
    return artifacts.map(({ id, name, size, digest }) => ({ id, name, size, digest: digest ?? null }));
  });
}

/** The artifact of this name, or null. */
export async function findArtifact(
  name: string,
  surroundings: ArtifactSurroundings,
): Promise<ArtifactFacts | null> {
  return (await listArtifacts(surroundings)).find((artifact) => artifact.name === name) ?? null;
}

/**
 * Downloads an artifact into a folder. `known` spares a look at the list.
 * @throws UserError ARTIFACT_MISSING, DIGEST_MISMATCH, ARTIFACT_UNAVAILABLE, GHES_NO_ARTIFACTS
 */
export async function downloadArtifact(
  id: number,
  folder: string,
  surroundings: ArtifactSurroundings,
  known?: ArtifactFacts,
): Promise<void> {
  const client = await loadClient();
  const found = known ?? (await listArtifacts(surroundings)).find((artifact) => artifact.id === id);
  if (found === undefined) throw missing(String(id));
  await mkdir(folder, { recursive: true });
  const expected = found.digest === null ? {} : { expectedHash: found.digest };
  const { digestMismatch } = await patiently(`download the artifact ${found.name}`, surroundings, () =>
    client.downloadArtifact(id, { path: folder, ...expected, ...findBy(surroundings) }),
  );
  if (digestMismatch === true) throw damaged(found.name);
}

function findBy({ otherRun }: ArtifactSurroundings) {
  return otherRun === undefined ? {} : { findBy: otherRun };
}

/** The toolkit's client, loaded only where artifacts are used: it is most of the bundle. */
async function loadClient() {
  const { DefaultArtifactClient } = await import('@actions/artifact');
  return new DefaultArtifactClient();
}

/** The client repeats answers of 5xx but not network failures; those are repeated here. */
async function patiently<T>(
  what: string,
  { clock, logger }: ArtifactSurroundings,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (error instanceof Error && error.name === 'GHESNotSupportedError') throw noService(error);
      if (isForbidden(error)) throw notAllowed(what, error);
      if (!isNetworkFailure(error) || count >= mostAttempts) throw unavailable(what, count, error);
      logger.info(`Could not ${what} (${shortMessage(error)}); trying again.`);
      await clock.sleep(backoffMs(count, clock.random(), 2000));
    }
  }
}

const networkWords =
  /ECONN|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EPIPE|UND_ERR|socket hang up|aborted|timed? ?out|stall/i;

function isNetworkFailure(error: unknown): boolean {
  return networkWords.test(`${reasonOf(error) ?? ''} ${error instanceof Error ? error.message : ''}`);
}

/** Another run is read through the REST API, which asks for a permission. */
function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 403;
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && /\b409\b|already exists/i.test(error.message);
}

/** Refuses links and paths that lead out of the folder: what they point to must not leave the machine. */
async function safePath(root: string, file: string): Promise<string> {
  const path = join(root, file);
  const inside = relative(root, await realpath(path).catch(() => path));
  if (inside.startsWith('..') || isAbsolute(inside) || !(await isRegularFile(path))) {
    throw new UserError({
      code: 'FILE_UNREADABLE',
      message: 'only regular files below the output folder are uploaded',
      at: { file: path },
      fix: 'Replace the link by the file itself.',
    });
  }
  return path;
}

function withPrefix(digest: string): string {
  return digest.startsWith('sha256:') ? digest : `sha256:${digest}`;
}

function shortMessage(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function missing(name: string): UserError {
  return new UserError({
    code: 'ARTIFACT_MISSING',
    message: `this run has no artifact ${name}`,
    at: { name },
    fix: 'Check that the job that makes it ran in this run, and run all jobs again if it has expired.',
  });
}

function damaged(name: string): UserError {
  return new UserError({
    code: 'DIGEST_MISMATCH',
    message: `the artifact ${name} arrived with other bytes than were uploaded`,
    at: { name },
    fix: 'Run all jobs again; if it happens again, report it to GitHub.',
  });
}

function conflict(name: string, cause: unknown): UserError {
  return new UserError({
    code: 'ARTIFACT_CONFLICT',
    message: `this run already has an artifact ${name}`,
    at: { name },
    fix: 'Give every job of the run its own model, working directory or shard.',
    cause,
  });
}

function notAllowed(what: string, cause: unknown): UserError {
  return new UserError({
    code: 'PERMISSION_MISSING',
    message: `could not ${what}: GitHub refused (${shortMessage(cause)})`,
    fix: 'Add to the job: permissions: { actions: read }.',
    cause,
  });
}

function tooMany(): UserError {
  return new UserError({
    code: 'ARTIFACT_UNAVAILABLE',
    message: `this run has ${mostArtifacts} artifacts or more, and GitHub lists no further ones`,
    fix: 'Lower max-shards, or split the workflow.',
  });
}

function noService(cause: unknown): UserError {
  return new UserError({
    code: 'GHES_NO_ARTIFACTS',
    message: 'GitHub Enterprise Server has no artifact service for this client',
    fix: 'Use the root action, which does everything in one job.',
    cause,
  });
}

function unavailable(what: string, attempts: number, cause: unknown): UserError {
  return new UserError({
    code: 'ARTIFACT_UNAVAILABLE',
    message: `could not ${what} after ${attempts} attempts: ${shortMessage(cause)}`,
    fix: 'Run the failed jobs again; https://www.githubstatus.com tells whether GitHub has trouble.',
    cause,
  });
}
