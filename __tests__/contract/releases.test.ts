import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sha256 } from '../../src/contracts/digest.ts';
import { githubReleases } from '../../src/platform/github/release-store.ts';
import { releaseMarker } from '../../src/platform/github/releases.ts';
import { commitBesideVersion, createTag, readTag } from '../../src/platform/github/tags.ts';
import type { ReleaseContent } from '../../src/registry/releases.ts';
import { formatChecksums } from '../../src/registry/checksums.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import type { RepositoryState } from '../simulator/state.ts';
import { singleFaults, startSession } from './session.ts';

jest.setTimeout(90_000);
const model = new Uint8Array([8, 9, 0, 255, 13, 10]);
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await simulator.close();
});

function content(repository: RepositoryState, tag: string, bytes = model): ReleaseContent {
  const files = new Map<string, Uint8Array>([['model.onnx', bytes]]);
  files.set('SHA256SUMS', new TextEncoder().encode(formatChecksums(files)));
  return {
    tag,
    title: `churn ${tag}`,
    notes: 'Better.',
    commit: repository.git.resolve('main'),
    sharesCommit: false,
    files,
  };
}

/** What everybody can see of a tag's releases. */
function published(repository: RepositoryState, tag: string) {
  return repository.releases
    .filter((release) => release.tag === tag)
    .map(({ draft, latest, assets }) => ({
      draft,
      latest,
      assets: assets.map(({ name, state, bytes }) => `${name} ${state} ${sha256(bytes)}`),
    }));
}

/** The same, as it must be after publishing. */
function whole(release: ReleaseContent) {
  const assets = [...release.files].map(([name, bytes]) => `${name} uploaded ${sha256(bytes)}`);
  return [{ draft: false, latest: false, assets }];
}

describe('publishing a version', () => {
  it('tags the commit, uploads and checks the files, publishes last, and is not "latest"', async () => {
    const { github, repository } = startSession(simulator);
    const release = content(repository, 'churn@v1.0.0');
    const { url } = await githubReleases(github).publish(release);

    expect(url).toContain('/releases/tag/churn%40v1.0.0');
    expect(published(repository, 'churn@v1.0.0')).toEqual(whole(release));
    expect(repository.git.type('churn@v1.0.0')).toBe('tag');
    expect(repository.git.resolve('churn@v1.0.0^{commit}')).toBe(release.commit);
    const read = await githubReleases(github).read('churn@v1.0.0', ['model.onnx']);
    expect(Buffer.from(read.get('model.onnx') ?? [])).toEqual(Buffer.from(model));
    expect(simulator.violations).toEqual([]);
  });

  it('changes nothing when it runs again', async () => {
    const { github, repository } = startSession(simulator);
    const release = content(repository, 'churn@v1.0.0');
    const first = await githubReleases(github).publish(release);
    const before = simulator.log.length;
    const second = await githubReleases(github).publish(release);

    expect(second).toEqual(first);
    expect(simulator.log.slice(before).filter(({ method }) => method !== 'GET' && method !== '')).toEqual([]);
  });

  it('never replaces other bytes under the same version', async () => {
    const { github, repository } = startSession(simulator);
    await githubReleases(github).publish(content(repository, 'churn@v1.0.0'));
    const other = content(repository, 'churn@v1.0.0', new Uint8Array([1]));
    await expect(githubReleases(github).publish(other)).rejects.toMatchObject({ code: 'ASSET_CONFLICT' });
    expect(published(repository, 'churn@v1.0.0')).toEqual(whole(content(repository, 'churn@v1.0.0')));
  });

  it('adopts the draft of a run that died, removes a broken upload and a second draft', async () => {
    const { github, repository } = startSession(simulator);
    const release = content(repository, 'churn@v1.0.0');
    const store = githubReleases(github);
    simulator.fault({ op: 'repos/upload-release-asset', drop: 'during', times: 5 });
    await expect(store.publish(release)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    const [draft] = repository.releases;
    repository.releases.push({ ...draft!, id: repository.nextId(), assets: [] });
    simulator.faults.clear();

    await store.publish(release);

    expect(repository.releases.map(({ id }) => id)).toEqual([draft?.id]);
    expect(published(repository, 'churn@v1.0.0')).toEqual(whole(release));
  });

  it('begins anew where the draft of a run that died holds other bytes', async () => {
    const { github, repository } = startSession(simulator);
    const store = githubReleases(github);
    const headers = { 'retry-after': '3600' };
    simulator.fault({ op: 'repos/update-release', status: 429, headers, body: { message: 'later' } });
    await expect(store.publish(content(repository, 'churn@v1.0.0'))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    const release = content(repository, 'churn@v1.0.0', new Uint8Array([1]));

    await store.publish(release);

    expect(repository.releases).toHaveLength(1);
    expect(published(repository, 'churn@v1.0.0')).toEqual(whole(release));
  });

  it('publishes one whole version where two runs make different files of it at once', async () => {
    const { github, repository } = startSession(simulator);
    const [one, other] = [
      content(repository, 'churn@v1.0.0'),
      content(repository, 'churn@v1.0.0', new Uint8Array([1])),
    ];
    const ends = await Promise.allSettled([
      githubReleases(github).publish(one),
      githubReleases(github).publish(other),
    ]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(ends.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'ASSET_CONFLICT' },
    });
    const visible = published(repository, 'churn@v1.0.0').filter(({ draft }) => !draft);
    expect([whole(one), whole(other)]).toContainEqual(visible);
  });

  it('leaves drafts that are not ours alone', async () => {
    const { github, repository } = startSession(simulator);
    repository.releases.push({
      id: 1,
      tag: 'churn@v1.0.0',
      target: 'main',
      name: null,
      body: "a person's draft",
      draft: true,
      prerelease: false,
      latest: false,
      immutable: false,
      assets: [],
      author: { login: 'maria', id: 501, type: 'User' },
      created_at: '2026-01-01T00:00:00Z',
      published_at: null,
      hiddenFor: 0,
    });
    await githubReleases(github).publish(content(repository, 'churn@v1.0.0'));
    expect(repository.releases.map(({ draft, body }) => [draft, body?.split('\n')[0]])).toEqual([
      [true, "a person's draft"],
      [false, releaseMarker('churn@v1.0.0')],
    ]);
  });

  it('finds a draft whose creation was not answered, although lists lag', async () => {
    const { github, repository } = startSession(simulator);
    repository.listLag = 2;
    simulator.fault({ op: 'repos/create-release', drop: 'after' });
    const release = content(repository, 'churn@v1.0.0');
    await githubReleases(github).publish(release);
    expect(published(repository, 'churn@v1.0.0')).toEqual(whole(release));
  });

  it('publishes whole and once despite any single failure of any request', async () => {
    const { github, repository } = startSession(simulator);
    const store = githubReleases(github);
    let version = 0;
    const run = async (fault: (typeof singleFaults)[number] | null, nth: number): Promise<number> => {
      const both = content(repository, `churn@v1.0.${version++}`);
      const release = { ...both, files: new Map([['model.onnx', model]]) };
      const before = simulator.log.length;
      if (fault !== null) simulator.fault({ ...fault, nth });
      await store.publish(release);
      simulator.faults.clear();
      const context = [fault?.name, nth];
      expect([...context, published(repository, release.tag)]).toEqual([...context, whole(release)]);
      expect(repository.git.resolve(`${release.tag}^{commit}`)).toBe(release.commit);
      repository.releases.length = 0;
      return simulator.log.length - before;
    };
    const requests = await run(null, 0);
    for (const fault of singleFaults) for (let nth = 1; nth <= requests; nth++) await run(fault, nth);
    expect(simulator.violations).toEqual([]);
  });

  it('publishes nothing without permission, and says what to add', async () => {
    const { github, repository } = startSession(simulator, { token: 'ghs_fork' });
    const publish = githubReleases(github).publish(content(repository, 'churn@v1.0.0'));
    await expect(publish).rejects.toMatchObject({
      code: 'RELEASE_FORBIDDEN',
      fix: expect.stringContaining('contents: write'),
    });
    expect(repository.releases).toEqual([]);
  });

  it('publishes nothing when a ruleset refuses the tag', async () => {
    const { github, repository } = startSession(simulator);
    repository.protect({ pattern: 'refs/tags/*@v*' });
    const publish = githubReleases(github).publish(content(repository, 'churn@v1.0.0'));
    await expect(publish).rejects.toMatchObject({ code: 'TAG_PROTECTED' });
    expect(repository.releases.map(({ draft }) => draft)).toEqual([true]);
  });

  it('refuses a file that was changed after it was published', async () => {
    const { github, repository } = startSession(simulator);
    const store = githubReleases(github);
    await store.publish(content(repository, 'churn@v1.0.0'));
    const asset = repository.releases[0]?.assets.find(({ name }) => name === 'model.onnx');
    asset!.bytes = Buffer.from('another model');
    await expect(store.read('churn@v1.0.0', ['model.onnx'])).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
    await expect(store.read('churn@v9.0.0', ['model.onnx'])).rejects.toMatchObject({ code: 'ASSET_MISSING' });
    await expect(store.read('churn@v1.0.0', ['other.bin'])).rejects.toMatchObject({ code: 'ASSET_MISSING' });
  });
});

describe('tags', () => {
  it('are annotated, listed by prefix and removed', async () => {
    const { github, repository } = startSession(simulator);
    const commit = repository.git.resolve('main') ?? '';
    const tag = { name: 'churn#prod#1', commit, message: 'To production\n' };
    expect(await createTag(github, tag)).toEqual({ kind: 'created', commit });
    expect(await createTag(github, tag)).toEqual({ kind: 'exists', commit });
    await createTag(github, { ...tag, name: 'fraud@v1.0.0' });

    expect(await readTag(github, 'churn#prod#1')).toEqual({
      ...{ name: 'churn#prod#1', commit, annotated: true, message: 'To production' },
    });
    expect(await readTag(github, 'churn#prod#2')).toBeNull();
    expect(simulator.violations).toEqual([]);
  });

  it('do not move', async () => {
    const { github, repository } = startSession(simulator);
    const first = repository.git.resolve('main') ?? '';
    await createTag(github, { name: 'churn@v1.0.0', commit: first, message: 'One\n' });
    const second = repository.git.commitFiles('main', { a: 'b' }, 'More');
    const outcome = await createTag(github, { name: 'churn@v1.0.0', commit: second, message: 'Two\n' });
    expect(outcome).toEqual({ kind: 'taken', commit: first });
  });

  it('stand on an empty commit where the model already has a version', async () => {
    const { github, repository } = startSession(simulator);
    const commit = repository.git.resolve('main') ?? '';
    const ask = (tag: string) => commitBesideVersion(github, { tag, commit });
    await createTag(github, { name: 'churn@v1.0.0', commit, message: 'One\n' });
    const child = await ask('churn@v1.0.1');
    const facts = repository.git.commit(child);
    expect([facts.parents, facts.tree]).toEqual([[commit], repository.git.commit(commit).tree]);
    await createTag(github, { name: 'churn@v1.0.1', commit: child, message: 'Two\n' });
    expect(await ask('churn@v1.0.1')).toBe(child);
    expect(await ask('churn@v1.0.0')).toBe(commit);
  });
});
