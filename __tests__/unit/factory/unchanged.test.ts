import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runFactory } from '../../../src/factory/run.ts';
import { ledgerFolder } from '../../../src/platform/ledger-folder.ts';
import { listFiles } from '../../../src/platform/files.ts';
import type { Logger } from '../../../src/platform/logger.ts';
import { releaseFolder } from '../../../src/platform/release-folder.ts';
import { renderReport } from '../../../src/report/report.ts';

const adult = fileURLToPath(new URL('../../fixtures/data/adult-3000.csv', import.meta.url));
const people = readFileSync(adult, 'utf8').split('\n').slice(0, 801).join('\n');
const quiet = () => undefined;
const silent: Logger = {
  ...{ debug: quiet, info: quiet, warning: quiet, error: quiet },
  group: (_, body) => body(),
};

const configuration = (C: number, more = '') =>
  [
    'version: 1',
    'model: income',
    'data: { source: people.csv, target: income, positive: ">50K" }',
    `candidates: { linear: { trainer: logistic-regression, params: { C: ${C} } } }`,
    more,
  ].join('\n');

describe('a run where nothing changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-unchanged-'));
  const ledger = join(folder, 'history');
  let runs = 0;

  const write = (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
    execFileSync('git', ['-C', folder, ...identity, ...args]);
  };
  const commit = (files: Readonly<Record<string, string>>) => {
    write(files);
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'Change');
  };
  const run = async (event: string, person: string | null = null) => {
    const outcome = await runFactory({
      configFile: join(folder, 'model-factory.yml'),
      outFolder: join(folder, 'out'),
      question: event === 'pull-request' ? 'merge' : 'promote',
      base: event === 'pull-request' ? 'main' : null,
      person: person === null ? null : { candidate: person, reason: 'drill', who: '@maria' },
      cache: null,
      ports: {
        logger: silent,
        progress: { update: quiet, finished: quiet, end: quiet },
        workers: { threads: 1, entry: '' },
        environment: { factory: '0.1.0', node: 'v24.0.0', platform: 'linux', arch: 'x64' },
        now: () => new Date(),
        history: {
          place: { kind: 'folder', folder: 'history' },
          ledger: ledgerFolder(ledger),
          releases: releaseFolder(join(folder, 'releases')),
        },
        run: { id: String(++runs), attempt: 1, url: null, event },
      },
    });
    const { conclusion, reason, standings } = outcome.verdict;
    return { conclusion, reason, trained: standings.length > 0, report: renderReport(outcome.sections) };
  };
  const recorded = async () => (await listFiles(join(ledger, 'models/income/runs'))).length;

  beforeAll(async () => {
    git('init', '--quiet', '--initial-branch', 'main');
    commit({
      '.gitignore': 'out\nhistory\nreleases\n',
      'people.csv': people,
      'model-factory.yml': configuration(1),
    });
    expect(await run('push')).toMatchObject({ conclusion: 'promote', trained: true });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('ends without training and without a record on the default branch', async () => {
    const before = await recorded();
    const again = await run('schedule');
    expect(again).toMatchObject({ conclusion: 'keep', reason: 'unchanged', trained: false });
    expect(again.report).toContain('those of the last run');
    expect(await recorded()).toBe(before);
  });

  it('trains for a person: on a laptop, by dispatch, and for a choice', async () => {
    expect(await run('local')).toMatchObject({ reason: 'unchanged', trained: true });
    expect(await run('workflow-dispatch')).toMatchObject({ reason: 'unchanged', trained: true });
    expect(await run('push')).toMatchObject({ reason: 'unchanged', trained: false });
    expect(await run('push', 'linear')).toMatchObject({ trained: true });
  });

  it.each([
    ['data', { 'people.csv': people.replace('\n39,', '\n40,') }],
    ['a candidate', { 'model-factory.yml': configuration(0.5) }],
    ['a rule', { 'model-factory.yml': configuration(1, 'gate: { block: { max-drop: 5% } }') }],
  ])('trains when %s changed since', async (_, files) => {
    write(files);
    try {
      expect(await run('push')).toMatchObject({ trained: true });
    } finally {
      git('checkout', '--quiet', '--', '.');
    }
  });

  it('trains again what was blocked, so that the check stays red', async () => {
    write({ 'model-factory.yml': configuration(1, 'gate: { metric: accuracy }') });
    try {
      for (let i = 0; i < 2; i++)
        expect(await run('push')).toMatchObject({ conclusion: 'block', trained: true });
    } finally {
      git('checkout', '--quiet', '--', '.');
    }
  });

  it('trains when the history is from before inputs were kept', async () => {
    await run('local');
    const file = join(ledger, 'models/income/runs', `${runs}-1.json`);
    const { inputs, ...old } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(inputs).toMatch(/^[0-9a-f]{64}$/);
    writeFileSync(file, JSON.stringify(old));
    expect(await run('push')).toMatchObject({ trained: true });
  });

  describe('since the base commit of a pull request', () => {
    beforeAll(() => git('checkout', '--quiet', '-b', 'change'));

    it('ends without training where only other files changed', async () => {
      commit({ 'README.md': 'Notes' });
      const outcome = await run('pull-request');
      expect(outcome).toMatchObject({ conclusion: 'keep', reason: 'unchanged', trained: false });
      expect(outcome.report).toContain('nothing was trained');
    });

    it.each([
      ['data', { 'people.csv': people.replace('\n39,', '\n40,') }],
      ['a candidate', { 'model-factory.yml': configuration(0.5) }],
      ['a rule', { 'model-factory.yml': configuration(1, 'gate: { block: { max-drop: 5% } }') }],
      ['a type', { 'model-factory.yml': configuration(1).replace('data: {', 'data: { drop: [age],') }],
    ])('trains when %s changed', async (_, files) => {
      write(files);
      try {
        expect(await run('pull-request')).toMatchObject({ trained: true });
      } finally {
        git('checkout', '--quiet', '--', '.');
      }
    });
  });
});
