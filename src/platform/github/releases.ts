import { sha256 } from '../../contracts/digest.ts';
import { UserError } from '../../errors/user-error.ts';
import { backoffMs } from '../clock.ts';
import { orNull, type GitHub, type Purpose } from './client.ts';
import { Refusal } from './failures.ts';

export interface Asset {
  readonly id: number;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** `starter` is what an upload that broke off leaves behind. */
  readonly state: string;
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly draft: boolean;
  readonly body: string;
  readonly url: string;
  readonly uploadUrl: string;
  readonly assets: readonly Asset[];
}

export interface Draft {
  readonly tag: string;
  /** Commit that the tag stands on. */
  readonly commit: string;
  readonly title: string;
  /** Markdown without the marker. */
  readonly notes: string;
}

interface RawRelease {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly body?: string | null | undefined;
  readonly html_url: string;
  readonly upload_url: string;
  readonly assets: readonly Asset[];
}

/** GitHub refuses 125,000 characters. */
const longestNotes = 120_000;
const nameRule = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const publishing = (what: string): Purpose => ({
  what,
  permission: 'contents: write',
  forbidden: 'RELEASE_FORBIDDEN',
});

/** The hidden line by which a draft is found again: the tag alone can't be asked for while it is a draft. */
export function releaseMarker(tag: string): string {
  return `<!-- model-factory:release ${tag} -->`;
}

/** The published release of a tag, or null. */
export async function readRelease(github: GitHub, tag: string): Promise<Release | null> {
  const purpose = { what: `read the release ${tag}`, permission: 'contents: read' };
  const found = await orNull(() =>
    github.repeat<RawRelease>(purpose, ({ rest }) => rest.repos.getReleaseByTag({ ...github.place, tag })),
  );
  return found === null ? null : tidy(found);
}

/**
 * The release to fill: the published one of this tag, else our draft, else a new draft.
 * @throws UserError RELEASE_FORBIDDEN, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function openRelease(github: GitHub, draft: Draft): Promise<Release> {
  const published = await readRelease(github, draft.tag);
  if (published !== null) return published;
  const drafts = await findDrafts(github, draft.tag);
  const [oldest, ...extras] = drafts;
  for (const { id } of extras) await deleteDraft(github, id);
  return oldest ?? createDraft(github, draft);
}

/** Our drafts for a tag, oldest first. */
async function findDrafts(github: GitHub, tag: string): Promise<Release[]> {
  const marker = releaseMarker(tag);
  const all = await github.pages<RawRelease>(publishing('list the releases'), ({ rest }, page) =>
    rest.repos.listReleases({ ...github.place, ...page }),
  );
  return all
    .filter((release) => release.draft && release.body?.includes(marker) === true)
    .map(tidy)
    .sort((a, b) => a.id - b.id);
}

async function createDraft(github: GitHub, { tag, commit, title, notes }: Draft): Promise<Release> {
  const body = `${releaseMarker(tag)}\n${notes.slice(0, longestNotes)}`;
  const fields = { tag_name: tag, target_commitish: commit, name: title, body };
  const created = await github.once<RawRelease>(
    publishing(`create the release ${tag}`),
    ({ rest }) => rest.repos.createRelease({ ...github.place, ...fields, draft: true }),
    () => findLagging(github, tag),
  );
  return tidy(created);
}

/** Listings lag behind writes, so that one look isn't enough. */
async function findLagging(github: GitHub, tag: string): Promise<RawRelease | null> {
  for (let look = 1; look <= 3; look++) {
    const [found] = await findDrafts(github, tag);
    if (found !== undefined) return readById(github, found.id);
    await github.clock.sleep(backoffMs(look, 1));
  }
  return null;
}

async function readById(github: GitHub, id: number): Promise<RawRelease> {
  return github.repeat<RawRelease>(publishing('read a release'), ({ rest }) =>
    rest.repos.getRelease({ ...github.place, release_id: id }),
  );
}

/** Removes a draft; one that isn't there counts as removed, and one that was published meanwhile stays. */
export async function deleteDraft(github: GitHub, id: number): Promise<void> {
  const now = await orNull(() => readById(github, id));
  if (now?.draft !== true) return;
  await orNull(() =>
    github.repeat(publishing('remove a draft release'), ({ rest }) =>
      rest.repos.deleteRelease({ ...github.place, release_id: id }),
    ),
  );
}

/**
 * Makes sure that the release holds exactly these bytes under this name: uploads them, reads them back and compares.
 * @throws UserError ASSET_CONFLICT where other bytes have the name, DIGEST_MISMATCH where the upload was damaged,
 * RELEASE_FORBIDDEN, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function ensureAsset(
  github: GitHub,
  release: Release,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  if (!nameRule.test(name)) throw new Error(`GitHub would rename the asset ${name}`);
  const before = await findAsset(github, release.id, name);
  const asset = before ?? (await uploadAsset(github, release, name, bytes));
  const stored = await downloadAsset(github, asset);
  if (sha256(stored) === sha256(bytes)) return;
  const fault = { message: `${release.tag} holds another ${name} than this run made`, at: { name } };
  if (before === null)
    throw new UserError({
      code: 'DIGEST_MISMATCH',
      ...fault,
      fix: 'Run the job again: the upload was damaged.',
    });
  throw new OtherBytes({
    code: 'ASSET_CONFLICT',
    ...fault,
    fix: release.draft
      ? 'Delete the draft release and run the job again.'
      : 'A published version never changes: publish under the next version.',
  });
}

/** The name of an asset is taken by other bytes. */
export class OtherBytes extends UserError {}

/** A whole asset of this name; the remains of a broken upload are removed and don't count. */
async function findAsset(github: GitHub, releaseId: number, name: string): Promise<Asset | null> {
  const assets = await github.pages<Asset>(publishing('list the files of a release'), ({ rest }, page) =>
    rest.repos.listReleaseAssets({ ...github.place, release_id: releaseId, ...page }),
  );
  const found = assets.find((asset) => asset.name === name);
  if (found === undefined || found.state === 'uploaded') return found ?? null;
  await orNull(() =>
    github.repeat(publishing('remove a broken upload'), ({ rest }) =>
      rest.repos.deleteReleaseAsset({ ...github.place, asset_id: found.id }),
    ),
  );
  return null;
}

async function uploadAsset(
  github: GitHub,
  { id, uploadUrl }: Release,
  name: string,
  bytes: Uint8Array,
): Promise<Asset> {
  const upload = async () =>
    github.once<Asset>(
      publishing(`upload ${name}`),
      async (octokit) =>
        octokit.request(`POST ${uploadUrl}`, {
          name,
          data: bytes,
          headers: { 'content-type': 'application/octet-stream' },
          request: { signal: AbortSignal.timeout(600_000) },
        }),
      () => findAsset(github, id, name),
    );
  try {
    return await upload();
  } catch (error) {
    // The name is taken: by an upload whose answer was lost, or by another run's.
    if (!(error instanceof Refusal) || error.status !== 422) throw error;
    return (await findAsset(github, id, name)) ?? upload();
  }
}

/**
 * The bytes of an asset.
 * @throws UserError GITHUB_UNAVAILABLE when they don't arrive whole, PERMISSION_MISSING, RATE_LIMITED
 */
export async function downloadAsset(github: GitHub, { id, name, size }: Asset): Promise<Buffer> {
  const purpose = { what: `download ${name}`, permission: 'contents: read' };
  return github.repeat(purpose, async (octokit) => {
    const answer = await octokit.rest.repos.getReleaseAsset({
      ...github.place,
      asset_id: id,
      headers: { accept: 'application/octet-stream' },
      // The client would hand over a cut download as an empty one.
      request: { parseSuccessResponseBody: false, signal: AbortSignal.timeout(600_000) },
    });
    return { status: answer.status, headers: {}, data: await readWhole(answer.data, size) };
  });
}

async function readWhole(body: unknown, size: number): Promise<Buffer> {
  if (!(body instanceof ReadableStream)) throw cutShort('no body');
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body as ReadableStream<Uint8Array>) chunks.push(chunk);
  } catch (error) {
    throw cutShort(String(error));
  }
  const whole = Buffer.concat(chunks);
  if (whole.length < size) throw cutShort(`${whole.length} of ${size} bytes`);
  return whole;
}

/** Shaped like a failed request, so that it is repeated like one. */
function cutShort(detail: string): Error {
  return Object.assign(new Error(`the download broke off (${detail})`), { status: 500 });
}

/**
 * Publishes a draft under its tag, not as the repository's latest release. One that is published stays as it is.
 * @throws UserError RELEASE_FORBIDDEN, GITHUB_UNAVAILABLE, RATE_LIMITED
 */
export async function publishDraft(github: GitHub, release: Release): Promise<Release> {
  if (!release.draft) return release;
  const published = await github.repeat<RawRelease>(
    publishing(`publish the release ${release.tag}`),
    ({ rest }) =>
      rest.repos.updateRelease({
        ...github.place,
        release_id: release.id,
        draft: false,
        make_latest: 'false',
      }),
  );
  return tidy(published);
}

function tidy(raw: RawRelease): Release {
  const { id, tag_name: tag, draft, body, html_url: url, upload_url: uploadUrl, assets } = raw;
  return { id, tag, draft, body: body ?? '', url, uploadUrl, assets };
}
