import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseOptions } from '../../../src/cli/arguments.ts';
import { historyOf, ledgerOptions, ledgerPlace } from '../../../src/cli/history-source.ts';
import { testTerminal } from './terminal.ts';

describe('--ledger', () => {
  let folder: string;
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  const place = (...argv: string[]) =>
    ledgerPlace(parseOptions(argv, ledgerOptions), testTerminal({ workingDirectory: folder }).terminal);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'model-factory-ledger-'));
    git('init', '--quiet');
    git('remote', 'add', 'origin', 'git@github.com:octo/lab.git');
    git('remote', 'add', 'both', 'https://github.com/octo/lab');
    for (const name of ['both', 'kept', 'bare.git/objects', 'bare.git/refs'])
      mkdirSync(join(folder, name), { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is optional', async () => {
    expect(await place()).toBeNull();
  });

  it.each(['kept', './both', '/var/history', 'new', 'deep/er', '..', './origin'])(
    '%s is a folder',
    async (value) => {
      expect(await place('--ledger', value)).toEqual({ kind: 'folder', folder: value });
    },
  );

  it.each([
    'origin',
    'https://github.com/octo/lab',
    'ssh://git@host/octo/lab.git',
    'git@host:octo/lab.git',
    'file:///srv/lab.git',
  ])('%s is a remote', async (value) => {
    const ref = 'model-factory-ledger';
    expect(await place('--ledger', value)).toEqual({ kind: 'remote', remote: value, ref });
    expect(await place('--ledger', value, '--ledger-ref', 'x')).toMatchObject({ ref: 'x' });
  });

  it.each([
    [['both'], 'both is a folder here and a git remote as well', './both for the folder'],
    [['orgin'], 'neither a folder nor a git remote named orgin', 'Did you mean the remote origin?'],
    [['upstream'], 'neither a folder nor a git remote named upstream', 'git remote add upstream'],
    [['./bare.git'], './bare.git is a git repository', 'file:///'],
    [[''], '--ledger is empty', 'Name a folder or a git remote'],
    [['kept', '--ledger-ref', 'x'], '--ledger-ref goes with a remote', '--ledger origin'],
  ])('%s is refused', async ([value = '', ...more], message, fix) => {
    await expect(place(`--ledger=${value}`, ...more)).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
      message: expect.stringContaining(message),
      fix: expect.stringContaining(fix),
    });
  });

  it('opens the releases of a remote only for reading', async () => {
    const terminal = testTerminal({ workingDirectory: folder }).terminal;
    const address = 'file:///srv/lab.git';
    const history = await historyOf(parseOptions(['--ledger', address], ledgerOptions), terminal);
    await expect(history!.releases.read('churn@v1.0.0', ['model.onnx'])).rejects.toMatchObject({
      code: 'ASSET_MISSING',
      message: expect.stringContaining('is no repository on GitHub'),
    });
    const content = { tag: 'churn@v1.0.0', title: '', notes: '', commit: null, sharesCommit: false };
    await expect(history!.releases.publish({ ...content, files: new Map() })).rejects.toMatchObject({
      code: 'RELEASE_FORBIDDEN',
    });
  });
});
