import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startProxy } from '../simulator/proxy.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';
import { elementsOf, htmlOf } from '../unit/report/gfm.ts';
import { conclusions, Lab } from './lab.ts';
import { configuration, people, strong, weak } from './workspace.ts';

const preload = (name: string): string => fileURLToPath(new URL(`../fixtures/e2e/${name}`, import.meta.url));
const model = { 'people.csv': people, 'model-factory.yml': configuration(strong) };
const worse = { 'model-factory.yml': configuration(weak) };
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

let simulator: Simulator;
let lab: Lab;
const others: Lab[] = [];

jest.setTimeout(60_000);
beforeAll(async () => {
  simulator = await startSimulator();
  lab = await Lab.create(simulator, 'runner');
  lab.git('remote', 'add', 'origin', 'https://github.invalid/octo/runner.git');
  expect(conclusions(await lab.toDefaultBranch(model))).toEqual([0, 'promote', 'first-run']);
});
afterAll(async () => {
  for (const one of [lab, ...others]) await one.remove();
  await simulator.close();
});
beforeEach(() => {
  lab.git('checkout', '-q', 'main');
});

describe('a runner', () => {
  it('without RUNNER_TEMP and without a job summary', async () => {
    const pull = await lab.openPull('bare', worse);
    const run = await lab.run({
      ...pull,
      environment: { RUNNER_TEMP: undefined, GITHUB_STEP_SUMMARY: undefined },
    });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(lab.repository.comments.at(-1)?.body).toContain('Worse than the baseline');
  });

  it('that reaches GitHub through a proxy only', async () => {
    const proxy = await startProxy(Number(new URL(simulator.url).port));
    try {
      const pull = await lab.openPull('proxy', worse);
      const api = 'http://api.github.invalid';
      const environment = {
        GITHUB_API_URL: api,
        GITHUB_GRAPHQL_URL: `${api}/graphql`,
        http_proxy: proxy.url,
      };
      const run = await lab.run({ ...pull, environment: { ...environment, no_proxy: '127.0.0.1' } });
      expect(conclusions(run)).toEqual([1, 'block', 'worse']);
      expect(new Set(proxy.hosts)).toEqual(new Set(['api.github.invalid:80']));
      expect(lab.repository.comments.at(-1)?.issue).toBe(pull.number);
    } finally {
      await proxy.close();
    }
  });

  it('whose clock is three days behind', async () => {
    const pull = await lab.openPull('late', worse);
    const run = await lab.run({
      ...pull,
      environment: { NODE_OPTIONS: `--import=file://${preload('clock-behind.js')}` },
    });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(run.summary).toContain('less than a day old');
  });
});

describe('a checkout', () => {
  it('with CRLF ends of lines is the same model', async () => {
    const pull = await lab.openPull('crlf', {
      'people.csv': crlf(people),
      'model-factory.yml': crlf(configuration(strong)),
    });
    expect(conclusions(await lab.run(pull))).toEqual([0, 'keep', 'unchanged']);
  });

  it('that left the data in Git LFS names the line to add', async () => {
    const pointer = [
      'version https://git-lfs.github.com/spec/v1',
      `oid sha256:${'ab'.repeat(32)}`,
      'size 12345',
      '',
    ].join('\n');
    const pull = await lab.openPull('lfs', { 'people.csv': pointer });
    const run = await lab.run(pull);
    expect(run.code).toBe(1);
    expect(run.annotations.join()).toMatch(/error DATA_LFS_POINTER: [^]*people\.csv[^]*lfs: true/);
  });

  it('of a monorepo is compared at the same path of the base', async () => {
    const mono = await Lab.create(simulator, 'mono');
    others.push(mono);
    const at = (folder: string, files: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
    const inputs = { 'working-directory': 'models/income 1' };
    const first = await mono.toDefaultBranch(at('models/income 1', model), { inputs });
    expect(conclusions(first)).toEqual([0, 'promote', 'first-run']);
    const pull = await mono.openPull('worse', at('models/income 1', worse));
    const run = await mono.run({ ...pull, inputs });
    expect(conclusions(run)).toEqual([1, 'block', 'worse']);
    expect(mono.repository.comments[0]?.body).toContain('model-factory/income/models%2Fincome%201 -->');
    const elsewhere = await mono.run({ ...pull, inputs: { 'working-directory': 'models' } });
    expect(elsewhere.annotations.join()).toContain('error CONFIG_MISSING');
  });
});

describe('a repository', () => {
  it('that was renamed keeps its champion', async () => {
    const renamed = simulator.repository('octo', 'renamed');
    const { repository } = lab;
    lab.git('push', '-q', '--mirror', '--force', renamed.git.directory);
    for (const { ref, sha } of repository.git.refs('refs/')) {
      lab.git('fetch', '-q', repository.git.directory, ref);
      lab.git('push', '-q', '--force', renamed.git.directory, `${sha}:${ref}`);
    }
    renamed.releases.push(...repository.releases);
    const run = await lab.run({ ...lab.pushed(), environment: { GITHUB_REPOSITORY: renamed.fullName } });
    expect(conclusions(run)).toEqual([0, 'keep', 'unchanged']);
  });
});

describe('hostile words', () => {
  it('in names, titles and data are neither executed nor rendered', async () => {
    const words =
      '@everyone $(touch pwned) `touch pwned` ::set-output name=conclusion::keep <img src=x> ${{ 1 }}';
    const [header = '', ...rows] = people.split('\n');
    const renamedColumn = header.replace('workclass', `"${words.replaceAll(',', ' ')}"`);
    expect(renamedColumn).not.toBe(header);
    const files = { 'people.csv': [renamedColumn, ...rows].join('\n'), ...worse };
    const pull = await lab.openPull('evil/$(touch${IFS}pwned)/"><img>', files);
    const payload = {
      ...pull.payload,
      pull_request: { ...pull.payload.pull_request, title: words, body: words, user: { login: words } },
    };
    const run = await lab.run({
      ...pull,
      payload,
      environment: { GITHUB_ACTOR: words, GITHUB_HEAD_REF: words },
    });
    expect(run.outputs.conclusion).toBeDefined();
    const comment = lab.repository.comments.find(({ issue }) => issue === pull.number)?.body ?? '';
    expect(comment).not.toBe('');
    for (const text of [comment, run.summary]) {
      const html = htmlOf(text);
      expect(elementsOf(html)).not.toContain('img');
      expect(html.replaceAll(/<code>.*?<\/code>/g, '')).not.toContain('@everyone');
    }
    expect(run.log).not.toMatch(/^\s*::set-output/m);
    expect(existsSync(join(lab.folder, 'pwned'))).toBe(false);
    expect((await readdir(lab.home)).includes('pwned')).toBe(false);
  });
});

it('nothing left what GitHub documents', () => expect(simulator.violations).toEqual([]));
