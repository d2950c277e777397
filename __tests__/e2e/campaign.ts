import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RepositoryState } from '../simulator/state.ts';
import type { Simulator } from '../simulator/server.ts';
import { Project, stageActions, type Start } from './act.ts';
import type { ActRun } from './act-log.ts';
import { pullRequestEvent, pushEvent } from './events.ts';

const fixture = fileURLToPath(new URL('../fixtures/e2e/campaign', import.meta.url));
const matrixWorkflow = fileURLToPath(
  new URL('../../examples/next-best-action/.github/workflows/model-factory.yml', import.meta.url),
);

/** `C` tells how strongly the logistic model may follow the data. */
export function configuration(C: number, drop: readonly string[] = ['duration'], more = ''): string {
  return [
    'version: 1',
    'model: campaign',
    'data:',
    '  source: data/bank.csv',
    '  target: "y"',
    '  positive: "yes"',
    `  drop: [${drop.join(', ')}]`,
    'candidates:',
    '  guess: { trainer: dummy }',
    `  logistic: { trainer: logistic-regression, params: { C: ${C} } }`,
    more,
  ].join('\n');
}

/** A repository of the simulator whose workflows use the committed actions. */
export class Campaign {
  readonly project: Project;
  readonly repository: RepositoryState;
  readonly #actions: Readonly<Record<string, string>>;
  /** Id of the newest run. */
  lastRunId = 1000;

  private constructor(project: Project, actions: Readonly<Record<string, string>>) {
    this.project = project;
    this.repository = project.repository;
    this.#actions = actions;
  }

  /** `from` = folder with the repository's first files. */
  static async create(simulator: Simulator, name: string, from = fixture): Promise<Campaign> {
    const project = await Project.create(simulator, simulator.repository('octo', name), from);
    const actions = await stageActions(await mkdtemp(join(tmpdir(), 'actions-')));
    return new Campaign(project, { 'OWNER/model-factory@v1': actions });
  }

  /** The example's matrix workflow. */
  static workflow(): Promise<string> {
    return readFile(matrixWorkflow, 'utf8');
  }

  /** Changes files on a branch that starts at main (or goes on), pushes it and runs its pull request. */
  async pullRequest(
    number: number,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    options: Partial<Pick<Start, 'token' | 'environment'>> = {},
  ): Promise<ActRun> {
    const { project, repository } = this;
    const exists = repository.pulls.some((pull) => pull.number === number);
    await project.git('checkout', '-q', ...(exists ? [branch] : ['-b', branch, 'main']));
    const head = await project.commit(`Change ${Object.keys(files).join(', ')}`, files);
    await project.push(branch, '--force');
    const base = await project.git('rev-parse', 'main');
    const facts = { number, head: { ref: branch, sha: head }, base: { ref: 'main', sha: base } };
    const pull = repository.pulls.find((known) => known.number === number);
    if (pull) pull.head.sha = head;
    else repository.openPull({ ...facts, head: { ...facts.head, repository: repository.fullName } });
    await project.checkoutMerge('main', branch);
    const payload = pullRequestEvent(repository, facts);
    return this.start('pull_request', payload, options);
  }

  /** Merges a branch into main, pushes and runs the default branch's workflow. */
  async merge(branch: string): Promise<ActRun> {
    const { project } = this;
    await project.git('checkout', '-q', 'main');
    const before = await project.git('rev-parse', 'HEAD');
    await project.git('merge', '-q', '--no-ff', '-m', `Merge ${branch}`, branch);
    return this.pushed(before);
  }

  /** Commits on main, pushes and runs the default branch's workflow. */
  async commitToMain(message: string, files: Readonly<Record<string, string | null>>): Promise<ActRun> {
    const { project } = this;
    await project.git('checkout', '-q', 'main');
    const before = await project.git('rev-parse', 'HEAD');
    await project.commit(message, files);
    return this.pushed(before);
  }

  private async pushed(before: string): Promise<ActRun> {
    await this.project.push('main');
    return this.startPush(before, {});
  }

  /** Runs the default branch's workflow for the commit that is checked out. */
  async startPush(before: string, options: { token?: string }): Promise<ActRun> {
    const after = await this.project.git('rev-parse', 'HEAD');
    return this.start('push', pushEvent(this.repository, 'main', before, after), options);
  }

  async start(
    event: string,
    payload: unknown,
    options: Partial<Pick<Start, 'token' | 'runId' | 'attempt' | 'workflow' | 'inputs' | 'environment'>> = {},
  ) {
    const runId = options.runId ?? ++this.lastRunId;
    this.repository.startRun(runId, event, payload);
    return this.project.run({ event, payload, actions: this.#actions, ...options, runId });
  }
}
