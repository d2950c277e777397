import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import type { Simulator } from '../simulator/server.ts';
import type { RepositoryState } from '../simulator/state.ts';
import { ActLog, type ActRun } from './act-log.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

// act reads a step through a terminal of its own and sometimes ends before the last lines have come.
jest.retryTimes(1, { logErrorsBeforeRetry: true });

/** The act program: `$ACT`, or what `scripts/install-tools.sh` installs. */
export const actPath = process.env.ACT ?? join(root, '.tools', 'bin', 'act');

/**
 * True when workflows can be run here. Without act a laptop leaves these tests out; CI must have it.
 * @throws Error in CI without act
 */
export function canRunAct(): boolean {
  if (existsSync(actPath)) return true;
  if (process.env.CI) throw new Error(`${actPath} is missing: run scripts/install-tools.sh`);
  console.warn('Skipping tests that run workflows: scripts/install-tools.sh installs act.');
  return false;
}

/** One start of a workflow. */
export interface Start {
  readonly event: string;
  readonly payload: unknown;
  readonly token?: string;
  readonly runId?: number;
  readonly attempt?: number;
  /** Only this workflow file; default all that the event starts. */
  readonly workflow?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** `owner/name@ref` of actions and the folders that stand for them. */
  readonly actions?: Readonly<Record<string, string>>;
}

/** A checkout of a repository of the simulator, in which act runs workflows. */
export class Project {
  readonly folder: string;
  readonly repository: RepositoryState;
  readonly #simulator: Simulator;
  readonly #home: string;

  private constructor(simulator: Simulator, repository: RepositoryState, home: string) {
    this.#simulator = simulator;
    this.repository = repository;
    this.#home = home;
    this.folder = join(home, 'checkout');
  }

  /** Makes a project of the files below `from`, committed and pushed as `main`. */
  static async create(simulator: Simulator, repository: RepositoryState, from: string): Promise<Project> {
    const project = new Project(simulator, repository, await mkdtemp(join(tmpdir(), 'act-')));
    await cp(from, project.folder, {
      recursive: true,
      filter: (path) => !/(^|\/)(node_modules|\.git)$/.test(path),
    });
    await project.git('init', '-q', '-b', 'main');
    await project.git('remote', 'add', 'origin', `https://github.com/${repository.fullName}.git`);
    await project.commit('Begin');
    await project.push('main', '--force');
    return project;
  }

  /** Runs git in the checkout and returns what it prints. */
  async git(...args: string[]): Promise<string> {
    const identity = ['-c', 'user.name=maria', '-c', 'user.email=maria@example.test'];
    const { stdout } = await execute('git', ['-C', this.folder, ...identity, ...args]);
    return stdout.trim();
  }

  /** Writes files (null removes one) and commits everything; returns the commit. */
  async commit(message: string, files: Readonly<Record<string, string | null>> = {}): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      const target = join(this.folder, path);
      await mkdir(dirname(target), { recursive: true });
      if (content === null) await rm(target);
      else await writeFile(target, content);
    }
    await this.git('add', '-A');
    await this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Pushes a branch straight into the simulator's repository. */
  async push(branch: string, ...flags: string[]): Promise<void> {
    await this.git('push', '-q', ...flags, this.repository.git.directory, branch);
  }

  /** Checks out what GitHub would: the merge of a pull request's head into its base. Returns the merge commit. */
  async checkoutMerge(base: string, head: string): Promise<string> {
    await this.git('checkout', '-q', '--detach', base);
    await this.git('merge', '-q', '--no-ff', '-m', `Merge ${head} into ${base}`, head);
    return this.git('rev-parse', 'HEAD');
  }

  /** Runs the workflows that the event starts, and collects what they did. */
  async run(start: Start): Promise<ActRun> {
    const { event, payload, token = 'ghs_write', runId = 4242, attempt = 1 } = start;
    const eventFile = join(this.#home, 'event.json');
    await writeFile(eventFile, JSON.stringify(payload));
    const environment = {
      GITHUB_API_URL: this.#simulator.url,
      GITHUB_GRAPHQL_URL: `${this.#simulator.url}/graphql`,
      ACTIONS_RESULTS_URL: `${this.#simulator.url}/`,
      ACTIONS_RUNTIME_TOKEN: this.#simulator.results.token(String(runId)),
      ACTIONS_CACHE_SERVICE_V2: '1',
      GITHUB_RUN_ID: String(runId),
      GITHUB_RUN_ATTEMPT: String(attempt),
      GITHUB_REPOSITORY: this.repository.fullName,
      ...start.environment,
    };
    const pairs = (flag: string, values: Readonly<Record<string, string>> = {}) =>
      Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
    const flags = [
      ...['--json', '--eventpath', eventFile, '--platform', 'ubuntu-latest=-self-hosted'],
      // Without this act listens on the machine's outward address.
      '--no-cache-server',
      ...['--action-cache-path', join(this.#home, 'actions')],
      ...(start.workflow === undefined ? [] : ['--workflows', join('.github', 'workflows', start.workflow)]),
      ...pairs('--secret', { GITHUB_TOKEN: token }),
      ...pairs('--env', environment),
      ...pairs('--input', start.inputs),
      ...pairs('--local-repository', start.actions),
    ];
    return this.#spawn([event, ...flags]);
  }

  async #spawn(args: readonly string[]): Promise<ActRun> {
    const started = performance.now();
    const log = new ActLog();
    const act = spawn(actPath, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        // act runs `node` of its PATH: it must be the one that the tests run on.
        PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ''}`,
        HOME: this.#home,
        XDG_CACHE_HOME: this.#home,
        XDG_CONFIG_HOME: this.#home,
      },
    });
    for (const stream of [act.stdout, act.stderr]) {
      createInterface({ input: stream }).on('line', (line) => log.add(line));
    }
    const exitCode = await new Promise<number>((resolve, reject) => {
      act.once('error', reject);
      act.once('close', (code) => resolve(code ?? -1));
    });
    return log.finish(exitCode, performance.now() - started);
  }

  async remove(): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}

const actionFolders = ['action.yml', 'dist', 'plan', 'train', 'gate', 'comment', 'publish', 'deploy'];

/** Copies the project's own actions, as they are built, to where `Start.actions` can point. */
export async function stageActions(target: string): Promise<string> {
  for (const name of actionFolders) {
    if (existsSync(join(root, name))) await cp(join(root, name), join(target, name), { recursive: true });
  }
  return target;
}
