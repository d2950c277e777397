import { z } from 'zod';
import type { BareRepository } from './git.ts';
import type { Identity } from './tokens.ts';
import type { JsonObject } from './schema.ts';

export type Author = Pick<Identity, 'login' | 'id' | 'type'>;

export interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: Author;
  readonly created_at: string;
  updated_at: string;
}

export interface Issue {
  readonly number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  labels: string[];
  readonly user: Author;
}

export interface Pull {
  readonly number: number;
  title: string;
  state: 'open' | 'closed';
  merged: boolean;
  readonly head: { ref: string; sha: string; repository: string };
  readonly base: { ref: string; sha: string };
  readonly user: Author;
}

export interface Asset {
  readonly id: number;
  readonly name: string;
  readonly label: string | null;
  readonly contentType: string;
  /** `starter`: the upload broke off and the name is taken. */
  state: 'starter' | 'uploaded';
  bytes: Buffer;
  readonly created_at: string;
}

export interface Release {
  readonly id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  latest: boolean;
  immutable: boolean;
  assets: Asset[];
  readonly author: Author;
  readonly created_at: string;
  published_at: string | null;
  /** How many listings still leave it out: lists lag behind writes. */
  hiddenFor: number;
}

export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly fields: JsonObject;
  readonly statuses: JsonObject[];
}

/** A rule over refs: GitHub's rulesets and protected branches, as far as they refuse writes. */
export interface Protection {
  /** Full ref name; `*` stands for any characters. */
  readonly pattern: string;
  /** Logins that may write all the same. */
  readonly bypass?: readonly string[];
  /** 422 for a ruleset, 403 for a classic protected branch. */
  readonly status?: 403 | 422;
}

/** What tells the branch of a run. */
const startedBy = z.object({
  ref: z.string().optional(),
  after: z.string().optional(),
  merge_group: z.object({ head_sha: z.string() }).optional(),
  pull_request: z
    .object({
      head: z.object({ ref: z.string(), sha: z.string(), repo: z.object({ full_name: z.string() }) }),
    })
    .optional(),
});

/** Everything the simulator remembers about one repository; the git data are on disk. */
export class RepositoryState {
  readonly owner: string;
  readonly name: string;
  readonly git: BareRepository;
  readonly comments: Comment[] = [];
  readonly issues: Issue[] = [];
  readonly pulls: Pull[] = [];
  readonly releases: Release[] = [];
  readonly deployments: Deployment[] = [];
  readonly checks: (JsonObject & { id: number })[] = [];
  readonly statuses: (JsonObject & { sha: string })[] = [];
  readonly runs: (JsonObject & { id: number })[] = [];
  readonly jobs: (JsonObject & { run_id: number })[] = [];
  readonly dispatches: { workflow: string; ref: string; inputs: JsonObject }[] = [];
  readonly dispatchEvents: { type: string; payload: JsonObject }[] = [];
  readonly collaborators = new Map<string, 'admin' | 'write' | 'read' | 'none'>();
  readonly protections: Protection[] = [];
  /** Published releases can't be changed any more. */
  immutableReleases = false;
  /** New releases stay out of this many listings. */
  listLag = 0;
  #lastId = 1000;
  #lastNumber = 0;

  constructor(owner: string, name: string, git: BareRepository) {
    this.owner = owner;
    this.name = name;
    this.git = git;
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  /** Notes a workflow run that an event starts; its next attempts are the same run. */
  startRun(id: number, event: string, payload: unknown): void {
    if (this.runs.some((run) => run.id === id)) return;
    const { ref, after, merge_group: group, pull_request: pull } = startedBy.parse(payload);
    const head_branch = pull?.head.ref ?? ref?.replace(/^refs\/(heads|tags)\//, '') ?? 'main';
    const head_repository = { full_name: pull?.head.repo.full_name ?? this.fullName };
    const head_sha = pull?.head.sha ?? group?.head_sha ?? after ?? '0'.repeat(40);
    const head_commit = { id: head_sha, tree_id: this.git.resolve(`${head_sha}^{tree}`) ?? '0'.repeat(40) };
    const path = '.github/workflows/model-factory.yml';
    const about = { head_branch, head_repository, head_sha, head_commit, path };
    this.runs.push({ id, event, ...about, status: 'in_progress' });
  }

  nextId(): number {
    return ++this.#lastId;
  }

  /** Issues and pull requests count together. */
  nextNumber(): number {
    this.#lastNumber = Math.max(
      this.#lastNumber,
      ...[...this.issues, ...this.pulls].map(({ number }) => number),
    );
    return ++this.#lastNumber;
  }

  /** Seeds a comment as if `user` had written it. */
  addComment(issue: number, body: string, user: Author, at = '2026-01-01T00:00:00Z'): Comment {
    const comment = { id: this.nextId(), issue, body, user, created_at: at, updated_at: at };
    this.comments.push(comment);
    return comment;
  }

  /** Seeds an open pull request; head and base are branches of this repository unless told otherwise. */
  openPull(pull: Partial<Pull> & Pick<Pull, 'number' | 'head' | 'base'>): Pull {
    const user = { login: 'maria', id: 501, type: 'User' } as const;
    const whole: Pull = { title: 'A change', state: 'open', merged: false, user, ...pull };
    this.pulls.push(whole);
    return whole;
  }

  /** What GitHub does when a job with `environment:` begins: a deployment of the run's commit, linked to its log. */
  startJobDeployment({
    environment,
    sha,
    runId,
  }: {
    environment: string;
    sha: string;
    runId: number;
  }): Deployment {
    const at = '2026-01-01T00:00:00Z';
    const log_url = `https://github.com/${this.fullName}/actions/runs/${runId}/job/${this.nextId()}`;
    const fields = { ref: sha, task: 'deploy', environment, payload: {}, created_at: at, updated_at: at };
    const status = { id: this.nextId(), state: 'in_progress', description: '', log_url, created_at: at };
    const deployment = { id: this.nextId(), sha, fields, statuses: [{ ...status, updated_at: at }] };
    this.deployments.push(deployment);
    return deployment;
  }

  /** Refuses writes to matching refs, through REST and through git push. */
  protect(protection: Protection): void {
    this.protections.push(protection);
    this.git.refusePushes(this.protections.map(({ pattern }) => pattern));
  }

  /** The rule that forbids `login` to write `ref`, if any. */
  protectionOf(ref: string, login: string): Protection | undefined {
    return this.protections.find(({ pattern, bypass }) => {
      const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
      return new RegExp(`^${source}$`).test(ref) && bypass?.includes(login) !== true;
    });
  }
}
