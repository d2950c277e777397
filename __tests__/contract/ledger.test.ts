import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Git } from '../../src/platform/git.ts';
import { ledgerBranch } from '../../src/platform/ledger-branch.ts';
import { ledgerFolder } from '../../src/platform/ledger-folder.ts';
import { ledgerRemote } from '../../src/platform/ledger-remote.ts';
import type { LedgerStore } from '../../src/registry/store.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { singleFaults, startSession } from './session.ts';

const branch = 'model-factory-ledger';
const folders: string[] = [];
let simulator: Simulator;
jest.setTimeout(60_000);

beforeAll(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.faults.clear());
afterAll(async () => {
  await simulator.close();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  folders.push(folder);
  return folder;
}

function files(entries: Record<string, string>): ReadonlyMap<string, string> {
  return new Map(Object.entries(entries));
}

/** Each kind of ledger, with a way to open the same one several times. */
const kinds: { name: string; begin: () => () => LedgerStore }[] = [
  {
    name: 'on a branch',
    begin: () => {
      const { repository } = startSession(simulator);
      return () => ledgerBranch(startSession(simulator, {}, repository).github, branch);
    },
  },
  {
    name: 'in a folder',
    begin: () => {
      const folder = join(temporaryFolder(), 'ledger');
      return () => ledgerFolder(folder);
    },
  },
];

describe.each(kinds)('a ledger $name', ({ begin }) => {
  it('begins empty, keeps what is added and lists it in order', async () => {
    const open = begin();
    const empty = await open().open();
    expect([empty.head, await empty.list(''), await empty.read('a.json')]).toEqual([null, [], null]);

    const first = await open().append(null, files({ 'runs/b.json': 'ß\n', 'runs/a.json': '1' }), 'Add two');
    const head = first.kind === 'written' ? first.head : null;
    const second = await open().append(head, files({ 'looks/1.json': '{}' }), 'Add one');

    const snapshot = await open().open();
    expect(second).toEqual({ kind: 'written', head: snapshot.head });
    expect(await snapshot.list('')).toEqual(['looks/1.json', 'runs/a.json', 'runs/b.json']);
    expect(await snapshot.list('runs/')).toEqual(['runs/a.json', 'runs/b.json']);
    expect(await snapshot.read('runs/b.json')).toBe('ß\n');
    expect(await snapshot.read('runs/c.json')).toBeNull();
  });

  it('refuses a change that was based on an older state, and writes nothing of it', async () => {
    const open = begin();
    const first = await open().append(null, files({ 'a.json': '1' }), 'One');
    const late = await open().append(null, files({ 'b.json': '2' }), 'Two');
    const snapshot = await open().open();

    expect(first.kind).toBe('written');
    expect(late).toEqual({ kind: 'conflict' });
    expect(await snapshot.list('')).toEqual(['a.json']);
  });

  it('loses none of eight writers at once', async () => {
    const open = begin();
    const write = async (writer: number): Promise<void> => {
      const store = open();
      for (;;) {
        const { head } = await store.open();
        const outcome = await store.append(
          head,
          files({ [`runs/${writer}.json`]: `${writer}` }),
          `Run ${writer}`,
        );
        if (outcome.kind === 'written') return;
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));

    expect(await (await open().open()).list('')).toHaveLength(8);
  });

  it('lets one of two beginners win', async () => {
    const open = begin();
    const outcomes = await Promise.all(
      ['a', 'b'].map((name) => open().append(null, files({ [`${name}.json`]: name }), name)),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['conflict', 'written']);
  });
});

describe('the ledger on a branch', () => {
  it('has no history in common with the code', async () => {
    const { github, repository } = startSession(simulator);
    await ledgerBranch(github, branch).append(null, files({ 'a.json': '1' }), 'Begin');
    expect(repository.git.commit(branch).parents).toEqual([]);
    expect(repository.git.text(['log', '--format=%s', branch])).toBe('Begin');
  });

  it('says which ruleset to change when the branch is protected', async () => {
    const { github, repository } = startSession(simulator);
    const store = ledgerBranch(github, branch);
    await store.append(null, files({ 'a.json': '1' }), 'Begin');
    repository.protect({ pattern: `refs/heads/${branch}` });
    const { head } = await store.open();

    await expect(store.append(head, files({ 'b.json': '2' }), 'More')).rejects.toMatchObject({
      code: 'LEDGER_PROTECTED',
      message: `the branch ${branch} refuses the write: Repository rule violations found Cannot update this protected ref.`,
    });
  });

  it('throws instead of calling an unreadable history empty', async () => {
    const { github } = startSession(simulator);
    simulator.fault({ op: 'git/get-ref', status: 500, times: 5 });
    await expect(ledgerBranch(github, branch).open()).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
  });

  it('names the permission that a writer lacks', async () => {
    const { github } = startSession(simulator, { token: 'ghs_fork' });
    const write = ledgerBranch(github, branch).append(null, files({ 'a.json': '1' }), 'Begin');
    await expect(write).rejects.toMatchObject({ code: 'PERMISSION_MISSING' });
  });

  it.each(['begins', 'goes on'])(
    'is neither lost nor doubled by any single failure when it %s',
    async (phase) => {
      const { github, repository } = startSession(simulator);
      let scenarios = 0;
      const run = async (fault: (typeof singleFaults)[number] | null, nth: number): Promise<number> => {
        const name = `ledger-${++scenarios}`;
        const store = ledgerBranch(github, name);
        const first = phase === 'begins' ? null : await store.append(null, files({ 'a.json': '1' }), 'Begin');
        const head = first?.kind === 'written' ? first.head : null;
        const before = simulator.log.length;
        if (fault !== null) simulator.fault({ ...fault, nth });
        const outcome = await store.append(head, files({ 'b.json': '2' }), 'Run');
        simulator.faults.clear();

        const context = [fault?.name, nth];
        const written = { kind: 'written', head: repository.git.resolve(`refs/heads/${name}`) };
        expect([...context, outcome]).toEqual([...context, written]);
        const commits = repository.git.text(['rev-list', '--count', name]);
        expect([...context, commits]).toEqual([...context, phase === 'begins' ? '1' : '2']);
        return simulator.log.length - before;
      };
      const requests = await run(null, 0);
      for (const fault of singleFaults) for (let nth = 1; nth <= requests; nth++) await run(fault, nth);
      expect(simulator.violations).toEqual([]);
    },
  );

  it('knows its own commit when the answer was lost and the next writer built on it', async () => {
    const { github, repository } = startSession(simulator);
    const store = ledgerBranch(github, branch);
    const first = await store.append(null, files({ 'a.json': '1' }), 'Begin');
    const clock = github.clock;
    // While we wait after the lost answer, somebody else goes on.
    const sleep = clock.sleep.bind(clock);
    clock.sleep = async (ms) => {
      repository.git.commitFiles(branch, { 'c.json': '3' }, 'Other');
      await sleep(ms);
    };
    simulator.fault({ op: 'git/update-ref', drop: 'after' });

    const outcome = await store.append(
      first.kind === 'written' ? first.head : null,
      files({ 'b.json': '2' }),
      'Ours',
    );

    expect(outcome.kind).toBe('written');
    expect(await (await store.open()).list('')).toEqual(['a.json', 'b.json', 'c.json']);
  });
});

describe('the ledger in a folder', () => {
  it('completes a change that was cut off', async () => {
    const folder = temporaryFolder();
    await ledgerFolder(folder).append(null, files({ 'a.json': '1' }), 'Begin');
    const journal = { head: 'f'.repeat(64), files: { 'b.json': '2' } };
    writeFileSync(join(folder, '.pending.json'), JSON.stringify(journal));

    const snapshot = await ledgerFolder(folder).open();

    expect(snapshot.head).toBe(journal.head);
    expect(await snapshot.list('')).toEqual(['a.json', 'b.json']);
  });

  it('has the same head for the same history', async () => {
    const heads = await Promise.all(
      [temporaryFolder(), temporaryFolder()].map((folder) =>
        ledgerFolder(folder).append(null, files({ 'a.json': '1' }), 'Begin'),
      ),
    );
    expect(heads[0]).toEqual(heads[1]);
  });
});

describe('the ledger of a remote', () => {
  it('shows what the branch holds, and is not written', async () => {
    const { github, repository } = startSession(simulator);
    await ledgerBranch(github, branch).append(null, files({ 'runs/a.json': '1' }), 'Begin');
    const clone = temporaryFolder();
    execFileSync('git', ['clone', '-q', repository.git.directory, clone]);
    const store = ledgerRemote(new Git(clone), 'origin', branch);
    const snapshot = await store.open();

    expect(snapshot.head).toBe(repository.git.resolve(branch));
    expect(await snapshot.list('runs/')).toEqual(['runs/a.json']);
    expect(await snapshot.read('runs/a.json')).toBe('1');
    await expect(store.append(null, files({}), 'x')).rejects.toMatchObject({ code: 'LEDGER_PROTECTED' });
    expect((await ledgerRemote(new Git(clone), 'origin', 'no-such-branch').open()).head).toBeNull();
    await expect(ledgerRemote(new Git(clone), 'nowhere', branch).open()).rejects.toMatchObject({
      code: 'LEDGER_UNREADABLE',
    });
  });
});
