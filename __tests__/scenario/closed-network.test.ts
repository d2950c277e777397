import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { pushEvent } from '../e2e/events.ts';
import { startSimulator, type Simulator } from '../simulator/server.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const guard = join(root, '__tests__', 'fixtures', 'e2e', 'only-loopback.js');
let simulator: Simulator;
let home: string;

jest.setTimeout(60_000);
describe('the committed bundle with the network closed', () => {
  beforeAll(async () => {
    simulator = await startSimulator();
    home = await mkdtemp(join(tmpdir(), 'closed-'));
  });
  afterAll(async () => {
    await simulator.close();
    await rm(home, { recursive: true, force: true });
  });

  it('trains, judges and releases with no other host than GitHub', async () => {
    const repository = simulator.repository('octo', 'closed');
    const workspace = join(home, 'workspace');
    await cp(join(root, '__tests__', 'fixtures', 'e2e', 'campaign'), workspace, { recursive: true });
    await writeFile(
      join(workspace, 'model-factory.yml'),
      'version: 1\nmodel: campaign\ndata: { source: data/bank.csv, target: "y", drop: [duration] }\n',
    );
    const git = async (...args: string[]) => {
      const identity = ['-c', 'user.name=maria', '-c', 'user.email=maria@example.test'];
      return (await execute('git', ['-C', workspace, ...identity, ...args])).stdout.trim();
    };
    await git('init', '-q', '-b', 'main');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Begin');
    await git('push', '-q', '--force', repository.git.directory, 'main');
    const head = await git('rev-parse', 'HEAD');
    const temporary = join(home, 'temporary');
    await mkdir(temporary);
    const files = {
      event: join(home, 'event.json'),
      output: join(home, 'output'),
      summary: join(home, 'summary'),
    };
    await writeFile(files.event, JSON.stringify(pushEvent(repository, 'main', head, head)));
    await writeFile(files.output, '');
    await writeFile(files.summary, '');

    const { stdout } = await execute(
      process.execPath,
      ['--import', guard, join(root, 'dist', 'factory.js')],
      {
        cwd: workspace,
        env: {
          PATH: process.env.PATH,
          HOME: home,
          GITHUB_ACTIONS: 'true',
          GITHUB_API_URL: simulator.url,
          GITHUB_GRAPHQL_URL: `${simulator.url}/graphql`,
          ACTIONS_RESULTS_URL: `${simulator.url}/`,
          ACTIONS_RUNTIME_TOKEN: simulator.results.token('5'),
          GITHUB_EVENT_NAME: 'push',
          GITHUB_EVENT_PATH: files.event,
          GITHUB_OUTPUT: files.output,
          GITHUB_STEP_SUMMARY: files.summary,
          GITHUB_REPOSITORY: repository.fullName,
          GITHUB_RUN_ID: '5',
          GITHUB_SHA: head,
          GITHUB_WORKSPACE: workspace,
          RUNNER_TEMP: temporary,
          'INPUT_GITHUB-TOKEN': 'ghs_write',
        },
      },
    );

    expect(stdout).toContain('Published campaign@v1.0.0');
    expect(await readFile(files.output, 'utf8')).toContain('v1.0.0');
    expect(await readFile(files.summary, 'utf8')).toContain('First model');
    expect(repository.releases.map(({ tag, draft }) => [tag, draft])).toEqual([['campaign@v1.0.0', false]]);
    expect(simulator.violations).toEqual([]);
  });

  it('says what is missing when it is not run inside a job', async () => {
    const run = execute(process.execPath, [join(root, 'dist', 'plan.js')], {
      env: { PATH: process.env.PATH },
    });
    const told = expect.stringContaining('EVENT_INVALID') as unknown;
    await expect(run).rejects.toMatchObject({ code: 1, stdout: told });
  });
});
