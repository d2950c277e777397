import { createHash } from 'node:crypto';
import type { Json } from '../schema.ts';
import type { Asset, Release, RepositoryState } from '../state.ts';
import { checkProtection } from './git-data.ts';
import {
  ApiError,
  author,
  byId,
  invalid,
  notFound,
  type Call,
  type Operations,
  type Reply,
} from './operation.ts';

const longestBody = 125_000;

/** Drafts are seen by those who may push, and by nobody else. */
function maySee(release: Release, call: Pick<Call<'repos/get-release'>, 'identity'>): boolean {
  return !release.draft || call.identity.permissions.contents === 'write';
}

function findRelease(call: Call<'repos/get-release'> | Call<'repos/update-release'>): Release {
  const release = byId(call.repository.releases, call.path.release_id);
  if (!maySee(release, call)) throw notFound();
  return release;
}

function showAsset(asset: Asset, repository: RepositoryState, api: string): Json {
  const { id, name, label, state, contentType, bytes, created_at } = asset;
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return {
    id,
    name,
    label,
    state,
    content_type: contentType,
    size: state === 'starter' ? 0 : bytes.length,
    digest: state === 'starter' ? null : digest,
    created_at,
    updated_at: created_at,
    url: `${api}/repos/${repository.fullName}/releases/assets/${id}`,
  };
}

function showRelease(
  release: Release,
  { repository, urls }: Pick<Call<'repos/get-release'>, 'repository' | 'urls'>,
) {
  const { id, tag, target, name, body, draft, prerelease, immutable, author: by } = release;
  const page = `https://github.com/${repository.fullName}/releases/tag`;
  return {
    id,
    tag_name: tag,
    target_commitish: target,
    name,
    body,
    draft,
    prerelease,
    immutable,
    author: { ...by },
    created_at: release.created_at,
    published_at: release.published_at,
    html_url: draft ? `${page}/untagged-${id}` : `${page}/${encodeURIComponent(tag)}`,
    upload_url: `${urls.uploads}/repos/${repository.fullName}/releases/${id}/assets{?name,label}`,
    assets: release.assets.map((asset) => showAsset(asset, repository, urls.api)),
  } satisfies Json;
}

/** Makes the tag if there is none, stamps the time, and takes the place of "latest" unless told not to. */
function publish(release: Release, call: Call<'repos/create-release'> | Call<'repos/update-release'>): void {
  const { repository, identity, now } = call;
  const taken = repository.releases.some(
    (other) => other !== release && !other.draft && other.tag === release.tag,
  );
  if (taken) throw invalid('Release', 'tag_name', 'already_exists');
  const ref = `refs/tags/${release.tag}`;
  if (repository.git.resolve(ref) === null) {
    const commit = repository.git.resolve(`${release.target}^{commit}`);
    if (commit === null) throw invalid('Release', 'target_commitish', 'invalid');
    checkProtection(repository, ref, identity, 'create');
    repository.git.updateRef(ref, commit, null);
  }
  release.draft = false;
  release.published_at = now;
  release.immutable = repository.immutableReleases;
  if (call.body.make_latest === 'false') return;
  for (const other of repository.releases) other.latest = other === release;
}

function createRelease(call: Call<'repos/create-release'>): Reply {
  const { repository, body, identity, now } = call;
  if ((body.body?.length ?? 0) > longestBody) throw invalid('Release', 'body', 'too_long');
  const release: Release = {
    id: repository.nextId(),
    tag: body.tag_name,
    target: body.target_commitish ?? 'main',
    name: body.name ?? null,
    body: body.body ?? null,
    draft: true,
    prerelease: body.prerelease ?? false,
    latest: false,
    immutable: false,
    assets: [],
    author: author(identity),
    created_at: now,
    published_at: null,
    hiddenFor: repository.listLag,
  };
  if (body.draft !== true) publish(release, call);
  repository.releases.push(release);
  return { status: 201, body: showRelease(release, call) };
}

function updateRelease(call: Call<'repos/update-release'>): Reply {
  const { body } = call;
  const release = findRelease(call);
  const renames = body.tag_name !== undefined && body.tag_name !== release.tag;
  if (release.immutable && renames) throw new ApiError(422, 'Cannot change the tag of an immutable release.');
  release.tag = body.tag_name ?? release.tag;
  release.target = body.target_commitish ?? release.target;
  release.name = body.name ?? release.name;
  release.body = body.body ?? release.body;
  release.prerelease = body.prerelease ?? release.prerelease;
  if (release.draft && body.draft === false) publish(release, call);
  return { status: 200, body: showRelease(release, call) };
}

function uploadAsset(call: Call<'repos/upload-release-asset'>): Reply {
  const { repository, query, raw, headers, now, urls } = call;
  const release = byId(repository.releases, call.path.release_id);
  if (release.immutable) throw new ApiError(422, 'Cannot upload assets to an immutable release.');
  const name = (query.name ?? '').replaceAll(/[^\w.+-]/g, '.');
  if (name === '') throw invalid('ReleaseAsset', 'name', 'missing_field');
  if (release.assets.some((asset) => asset.name === name)) {
    throw invalid('ReleaseAsset', 'name', 'already_exists');
  }
  const contentType = headers['content-type'];
  if (contentType === undefined) throw new ApiError(422, 'Content-Type is missing');
  const asset: Asset = {
    id: repository.nextId(),
    name,
    label: query.label ?? null,
    contentType,
    state: 'uploaded',
    bytes: raw,
    created_at: now,
  };
  release.assets.push(asset);
  return { status: 201, body: showAsset(asset, repository, urls.api) };
}

function findAsset(call: Call<'repos/get-release-asset'> | Call<'repos/delete-release-asset'>): {
  release: Release;
  asset: Asset;
} {
  const id = Number(call.path.asset_id);
  for (const release of call.repository.releases) {
    const asset = release.assets.find((candidate) => candidate.id === id);
    if (asset !== undefined && maySee(release, call)) return { release, asset };
  }
  throw notFound();
}

/** Leaves behind what an upload that broke off leaves: a name that is taken by nothing. */
export function leaveStarter(
  repository: RepositoryState,
  releaseId: string,
  name: string,
  now: string,
): void {
  const release = byId(repository.releases, releaseId);
  release.assets.push({
    id: repository.nextId(),
    name,
    label: null,
    contentType: 'application/octet-stream',
    state: 'starter',
    bytes: Buffer.alloc(0),
    created_at: now,
  });
}

export const releases: Operations = {
  'repos/create-release': createRelease,
  'repos/update-release': updateRelease,
  'repos/get-release': (call) => ({ status: 200, body: showRelease(findRelease(call), call) }),
  'repos/get-latest-release': (call) => {
    const release = call.repository.releases.find(({ latest }) => latest);
    if (release === undefined) throw notFound();
    return { status: 200, body: showRelease(release, call) };
  },
  'repos/get-release-by-tag': (call) => {
    const release = call.repository.releases.find(({ tag, draft }) => !draft && tag === call.path.tag);
    if (release === undefined) throw notFound();
    return { status: 200, body: showRelease(release, call) };
  },
  'repos/list-releases': (call) => {
    const shown = call.repository.releases.filter((release) => {
      if (release.hiddenFor > 0) {
        release.hiddenFor -= 1;
        return false;
      }
      return maySee(release, call);
    });
    return { status: 200, body: shown.reverse().map((release) => showRelease(release, call)) };
  },
  'repos/delete-release': ({ repository, path }) => {
    const release = byId(repository.releases, path.release_id);
    repository.releases.splice(repository.releases.indexOf(release), 1);
    return { status: 204 };
  },
  'repos/upload-release-asset': uploadAsset,
  'repos/list-release-assets': ({ repository, path, urls }) => ({
    status: 200,
    body: byId(repository.releases, path.release_id).assets.map((asset) =>
      showAsset(asset, repository, urls.api),
    ),
  }),
  'repos/get-release-asset': (call) => {
    const { asset } = findAsset(call);
    if (call.headers.accept !== 'application/octet-stream') {
      return { status: 200, body: showAsset(asset, call.repository, call.urls.api) };
    }
    if (asset.state === 'starter') throw notFound();
    return { status: 302, headers: { location: call.blobs.share(asset.bytes, asset.contentType) } };
  },
  'repos/delete-release-asset': (call) => {
    const { release, asset } = findAsset(call);
    if (release.immutable) throw new ApiError(422, 'Cannot delete assets of an immutable release.');
    release.assets.splice(release.assets.indexOf(asset), 1);
    return { status: 204 };
  },
};
