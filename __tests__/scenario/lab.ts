import { execFile, execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDocument } from '../../src/contracts/document.ts';
import { planDocument } from '../../src/contracts/plan.ts';
import type { Simulator } from '../simulator/server.ts';
import type { RepositoryState } from '../simulator/state.ts';
import { pullRequestEvent, pushEvent } from '../e2e/events.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built actions; `MODEL_FACTORY_ACTIONS` names another folder of them. */
const actions = resolve(root, process.env['MODEL_FACTORY_ACTIONS'] ?? 'dist');

let newestRunId = 500;

/** What one job did. */
export interface JobRun {
  readonly code: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The commit that was compared with; null where the question needs none or nothing was judged. */
  readonly base: string | null;
  /** Titles and messages of errors and warnings, as `error TITLE: message`. */
  readonly annotations: readonly string[];
}

export interface JobStart {
  readonly event: string;
  readonly payload: unknown;
  /** Default `factory`, the root action. */
  readonly action?: string;
  readonly token?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Added to the job's environment; undefined takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly runId?: number;
  readonly attempt?: number;
  /** Folder of the checkout; default the lab's own. */
  readonly workspace?: string;
}

/** An open pull request, ready to be run. */
export interface PullRequest {
  readonly event: string;
  readonly number: number;
  /** The head. */
  readonly sha: string;
  readonly payload: ReturnType<typeof pullRequestEvent>;
}

/** Exit code, conclusion and reason of a job. */
export const conclusions = ({ code, outputs }: JobRun): (string | number | undefined)[] => [
  code,
  outputs.conclusion,
  outputs.reason,
];

/**
 * A repository of the simulator and a checkout of it, in which the built actions run as jobs, without act: the event
 * file and the environment are what a runner gives them. The folder's name has spaces and an umlaut.
 */
export class Lab {
  readonly simulator: Simulator;
  readonly repository: RepositoryState;
  readonly home: string;
  readonly folder: string;
  readonly branch: string;
  /** Runs of all labs count together, as GitHub's do. */
  lastRunId = 0;
  /** False where a rule keeps even the test from pushing. */
  pushing = true;

  private constructor(simulator: Simulator, repository: RepositoryState, home: string, branch: string) {
    this.simulator = simulator;
    this.repository = repository;
    this.home = home;
    this.folder = join(home, 'my wörk space');
    this.branch = branch;
  }

  /** A checkout of a new repository; its default branch is `branch`. */
  static async create(simulator: Simulator, name: string, branch = 'main'): Promise<Lab> {
    const home = await mkdtemp(join(tmpdir(), 'model-factory-lab-'));
    const lab = new Lab(simulator, simulator.repository('octo', name), home, branch);
    await mkdir(lab.folder);
    lab.git('init', '-q', '-b', branch);
    await lab.commit('Begin');
    return lab;
  }

  git(...args: readonly string[]): string {
    const identity = ['-c', 'user.name=maria', '-c', 'user.email=maria@example.test', '-c', 'gc.auto=0'];
    return execFileSync('git', ['-C', this.folder, ...identity, ...args], { encoding: 'utf8' }).trim();
  }

  /** Writes files and commits everything; returns the commit. */
  async commit(message: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.folder, path)), { recursive: true });
      await writeFile(join(this.folder, path), content);
    }
    this.git('add', '-A');
    this.git('commit', '-q', '--allow-empty', '-m', message);
    return this.git('rev-parse', 'HEAD');
  }

  /** Sends a branch to the repository, and notes it as checkout does. */
  push(branch: string): void {
    if (this.pushing) this.git('push', '-q', '--force', this.repository.git.directory, branch);
    this.git('update-ref', `refs/remotes/origin/${branch}`, branch);
  }

  /** Commits on the default branch and runs its job. */
  async toDefaultBranch(
    files: Readonly<Record<string, string>>,
    start: Partial<JobStart> = {},
  ): Promise<JobRun> {
    this.git('checkout', '-q', this.branch);
    await this.commit('Change', files);
    this.push(this.branch);
    return this.run({ ...this.pushed(), ...start });
  }

  /** The push that made HEAD the tip of the default branch. */
  pushed(): { event: string; payload: Record<string, unknown> } {
    const head = this.git('rev-parse', 'HEAD');
    const payload = pushEvent(this.repository, this.branch, head, head);
    payload.repository.default_branch = this.branch;
    return { event: 'push', payload };
  }

  /**
   * Commits on a new branch, opens its pull request and checks out the merge with its base, as GitHub does. Returns
   * the event that the pull request raises.
   */
  async openPull(
    branch: string,
    files: Readonly<Record<string, string>>,
    { fork = false, from = this.branch }: { fork?: boolean; from?: string } = {},
  ): Promise<PullRequest> {
    this.git('checkout', '-q', '-b', branch, from);
    const sha = await this.commit('Change', files);
    this.push(branch);
    const number = this.repository.nextNumber();
    const head = { ref: branch, sha, repository: fork ? 'stranger/lab' : this.repository.fullName };
    const base = { ref: this.branch, sha: this.git('rev-parse', this.branch) };
    this.repository.openPull({ number, head, base });
    this.git('checkout', '-q', '--detach', this.branch);
    this.git('merge', '-q', '--no-ff', '-m', 'Merge', branch);
    const payload = pullRequestEvent(this.repository, { number, head, base });
    payload.repository.default_branch = this.branch;
    return { event: 'pull_request', number, sha, payload };
  }

  /** Runs one action as the job that the event starts. */
  async run(start: JobStart): Promise<JobRun> {
    const { action = 'factory', token = 'ghs_write', attempt = 1, workspace = this.folder } = start;
    this.lastRunId = start.runId ?? ++newestRunId;
    const runId = String(this.lastRunId);
    this.repository.startRun(this.lastRunId, start.event, start.payload);
    const place = await mkdtemp(join(this.home, 'job-'));
    const file = (name: string): string => join(place, name);
    await mkdir(file('temporary'));
    await writeFile(file('event.json'), JSON.stringify(start.payload));
    for (const name of ['output', 'summary']) await appendFile(file(name), '');
    const inputs = Object.entries({ 'github-token': token, workers: '1', ...start.inputs });
    const environment = {
      PATH: process.env['PATH'],
      HOME: this.home,
      TMPDIR: tmpdir(),
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'maria',
      GITHUB_API_URL: this.simulator.url,
      GITHUB_GRAPHQL_URL: `${this.simulator.url}/graphql`,
      ACTIONS_RESULTS_URL: `${this.simulator.url}/`,
      ACTIONS_RUNTIME_TOKEN: this.simulator.results.token(runId),
      GITHUB_EVENT_NAME: start.event,
      GITHUB_EVENT_PATH: file('event.json'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_REPOSITORY: this.repository.fullName,
      GITHUB_RUN_ID: runId,
      GITHUB_RUN_ATTEMPT: String(attempt),
      GITHUB_SHA: this.git('rev-parse', 'HEAD'),
      GITHUB_WORKFLOW: 'model-factory',
      GITHUB_WORKSPACE: workspace,
      RUNNER_TEMP: file('temporary'),
      ...Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...start.environment,
    };
    const { code, stdout, stderr } = await spawnAction(action, workspace, environment);
    const outputs = readOutputs(await readFile(file('output'), 'utf8'));
    return {
      code,
      base: await baseOf(outputs['verdict-path']),
      log: `${stdout}${stderr}`,
      outputs,
      summary: await readFile(file('summary'), 'utf8'),
      annotations: readAnnotations(stdout),
    };
  }

  remove(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}

function spawnAction(
  action: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const limits = { maxBuffer: 1 << 28, timeout: 120_000 };
    execFile(
      process.execPath,
      [join(actions, `${action}.js`)],
      { cwd, env, ...limits },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        done({ code, stdout, stderr });
      },
    );
  });
}

/** Outputs as the runner reads them: `name<<delimiter`, lines, `delimiter`. */
function readOutputs(text: string): Record<string, string> {
  const found = text.matchAll(/^([^\n]+?)<<(ghadelimiter_[^\n]+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}

async function baseOf(verdictPath: string | undefined): Promise<string | null> {
  if (!verdictPath) return null;
  const file = join(dirname(verdictPath), 'plan.json');
  return readDocument(planDocument, await readFile(file, 'utf8'), file).base;
}

function readAnnotations(log: string): string[] {
  const decode = (text: string): string =>
    text
      .replaceAll('%0A', '\n')
      .replaceAll('%0D', '\r')
      .replaceAll('%3A', ':')
      .replaceAll('%2C', ',')
      .replaceAll('%25', '%');
  return [...log.matchAll(/^::(error|warning|notice) ?(.*?)::(.*)$/gm)].map(
    ([, level, properties, message]) => {
      const title = /title=([^,]*)/.exec(properties ?? '')?.[1] ?? '';
      return `${level} ${decode(title)}: ${decode(message ?? '')}`;
    },
  );
}
