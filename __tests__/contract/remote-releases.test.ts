import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { githubReleases } from '../../src/platform/github/release-store.ts';
import { remoteReleases } from '../../src/platform/github/remote-releases.ts';
import { formatChecksums } from '../../src/registry/checksums.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { startSession } from './session.ts';

const tag = 'churn@v1.0.0';
const model = new Uint8Array([8, 9, 0, 255]);

describe('the releases of a remote', () => {
  let simulator: Simulator;
  let asked = 0;
  const open = (environment: Readonly<Record<string, string>>) => {
    const { github, logger, repository } = startSession(simulator);
    const { owner, name } = repository;
    const address = () => {
      asked++;
      return Promise.resolve(`git@github.com:${owner}/${name}.git`);
    };
    const given = { GITHUB_API_URL: simulator.url, ...environment };
    const store = remoteReleases({ remote: 'origin', address, environment: given, logger });
    return { store, github, repository };
  };

  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());

  it("are read with the caller's token, and only when a release is needed", async () => {
    const { store, github, repository } = open({ GITHUB_TOKEN: 'ghs_fork' });
    expect(asked).toBe(0);
    const files = new Map([['model.onnx', model]]);
    files.set('SHA256SUMS', new TextEncoder().encode(formatChecksums(files)));
    const commit = repository.git.resolve('main');
    const content = { tag, title: tag, notes: '', commit, sharesCommit: false, files };
    await githubReleases(github).publish(content);
    const read = await store.read(tag, ['model.onnx']);
    expect(Buffer.from(read.get('model.onnx')!).equals(model)).toBe(true);
    expect(asked).toBe(1);
    await expect(store.read('churn@v2.0.0', ['model.onnx'])).rejects.toMatchObject({ code: 'ASSET_MISSING' });
    await expect(store.publish(content)).rejects.toMatchObject({ code: 'RELEASE_FORBIDDEN' });
  });

  it('name the token where a private repository shows nothing without one', async () => {
    await expect(open({}).store.read(tag, ['model.onnx'])).rejects.toMatchObject({
      fix: expect.stringMatching(/^For a private repository set GITHUB_TOKEN/),
    });
  });
});
