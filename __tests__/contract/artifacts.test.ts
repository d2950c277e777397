import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  artifactName,
  downloadArtifact,
  findArtifact,
  listArtifacts,
  uploadArtifact,
} from '../../src/platform/github/artifacts.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { recordingLogger, testClock } from './session.ts';

jest.setTimeout(60_000);
const before = { ...process.env };
let simulator: Simulator;
let folder: string;
let run = 100;

beforeAll(async () => {
  simulator = await startSimulator();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'artifacts-'));
  run += 1;
  Object.assign(process.env, {
    ACTIONS_RESULTS_URL: `${simulator.url}/`,
    ACTIONS_RUNTIME_TOKEN: simulator.results.token(String(run)),
    GITHUB_WORKSPACE: folder,
    GITHUB_SERVER_URL: 'https://github.com',
  });
  // The client tells of its work on standard output, as the runner wants it.
  jest.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  jest.restoreAllMocks();
  simulator.faults.clear();
  process.env = { ...before };
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await simulator.close();
});

function surroundings() {
  return { clock: testClock(), logger: recordingLogger() };
}

function make(files: Readonly<Record<string, string | Buffer>>): { root: string; files: string[] } {
  const root = join(folder, 'out');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return { root, files: Object.keys(files) };
}

const bytes = Buffer.from([0, 1, 255, 13, 10]);

describe('artifacts', () => {
  it('go up and come down byte for byte', async () => {
    const files = make({ 'results/a.json': '{}', 'predictions/a': bytes, 'unlisted.txt': 'stays here' });
    const upload = { ...files, files: ['results/a.json', 'predictions/a'], name: 'mf-plan-1-1' };
    const uploaded = await uploadArtifact(upload, surroundings());
    await downloadArtifact(uploaded.id, join(folder, 'in'), surroundings());

    expect(readFileSync(join(folder, 'in', 'predictions', 'a'))).toEqual(bytes);
    expect(readFileSync(join(folder, 'in', 'results', 'a.json'), 'utf8')).toBe('{}');
    expect(() => readFileSync(join(folder, 'in', 'unlisted.txt'))).toThrow('ENOENT');
    expect(await findArtifact('mf-plan-1-1', surroundings())).toEqual(uploaded);
    expect(await findArtifact('mf-plan-1-2', surroundings())).toBeNull();
    expect(uploaded.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it.each(['results/CreateArtifact', 'blob/put', 'results/FinalizeArtifact'] as const)(
    'are uploaded once although the connection breaks at %s',
    async (op) => {
      for (const drop of ['before', 'after'] as const) {
        const name = `mf-${op.replace('/', '-')}-${drop}`;
        simulator.fault({ op, drop });
        const uploaded = await uploadArtifact({ ...make({ a: bytes }), name }, surroundings());
        const named = (await listArtifacts(surroundings())).filter((artifact) => artifact.name === name);
        expect(named).toEqual([{ ...uploaded, digest: named[0]?.digest, size: named[0]?.size }]);
      }
    },
  );

  it('are refused under a name that is taken, and the name is in the message', async () => {
    const upload = { ...make({ a: '1' }), name: 'mf-plan-1-1' };
    await uploadArtifact(upload, surroundings());
    await expect(uploadArtifact(upload, surroundings())).rejects.toMatchObject({
      code: 'ARTIFACT_CONFLICT',
      message: 'this run already has an artifact mf-plan-1-1',
    });
  });

  it('that arrive damaged are refused', async () => {
    const uploaded = await uploadArtifact({ ...make({ a: '1' }), name: 'mf-a' }, surroundings());
    const other = await uploadArtifact({ ...make({ a: '2' }), name: 'mf-b' }, surroundings());
    const blobOf = (id: number) => simulator.results.artifacts.find((artifact) => artifact.id === id)!;
    // The archive of the one stands where the other's was.
    Object.assign(blobOf(uploaded.id), { blob: blobOf(other.id).blob });
    await expect(downloadArtifact(uploaded.id, join(folder, 'in'), surroundings())).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    });
  });

  it('that are missing are named', async () => {
    await expect(downloadArtifact(4711, join(folder, 'in'), surroundings())).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
    });
  });

  it('hold no links: what they point to stays here', async () => {
    const { root } = make({ a: '1' });
    symlinkSync('/etc/hostname', join(root, 'link'));
    const upload = { root, files: ['a', 'link'], name: 'mf-link' };
    await expect(uploadArtifact(upload, surroundings())).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    const outside = { root, files: ['../../etc/hostname'], name: 'mf-outside' };
    await expect(uploadArtifact(outside, surroundings())).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  it('are not there on an Enterprise Server', async () => {
    process.env.GITHUB_SERVER_URL = 'https://github.example.test';
    await expect(listArtifacts(surroundings())).rejects.toMatchObject({ code: 'GHES_NO_ARTIFACTS' });
  });

  it('have names that every system takes', () => {
    expect(artifactName('mf', 'boosting-1', 4242, 1)).toBe('mf-boosting-1-4242-1');
    for (const name of ['', 'a/b', 'a:b', 'a*', 'a\nb'])
      expect(() => artifactName(name)).toThrow('not a name');
  });
});
