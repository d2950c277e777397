import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UserError } from '../../errors/user-error.ts';

/** Why the job runs. */
export type Event =
  | {
      readonly kind: 'pull-request';
      readonly number: number;
      readonly headSha: string;
      readonly headRef: string;
      readonly baseSha: string;
      readonly baseRef: string;
      /** The change comes from another repository: the token can only read. */
      readonly fromFork: boolean;
      readonly closed: boolean;
    }
  | {
      readonly kind: 'merge-group';
      readonly headSha: string;
      readonly baseSha: string;
      readonly baseRef: string;
    }
  | {
      readonly kind: 'push';
      /** Null for a pushed tag. */
      readonly branch: string | null;
      readonly tag: string | null;
      /** Null for a new branch. */
      readonly before: string | null;
      readonly after: string;
      readonly onDefaultBranch: boolean;
    }
  | { readonly kind: 'schedule'; readonly cron: string }
  | {
      readonly kind: 'workflow-dispatch';
      readonly branch: string | null;
      readonly onDefaultBranch: boolean;
      readonly inputs: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'workflow-run';
      readonly runId: number;
      readonly headSha: string;
      readonly event: string;
    }
  | { readonly kind: 'release'; readonly action: string; readonly tag: string }
  | { readonly kind: 'other'; readonly name: string };

/** The job's surroundings, as the runner describes them. */
export interface RunContext {
  readonly event: Event;
  readonly owner: string;
  readonly repo: string;
  readonly defaultBranch: string;
  /** The commit that was checked out: on a pull request the merge of head and base. */
  readonly sha: string;
  readonly ref: string;
  readonly actor: string;
  readonly workflow: string;
  /** File name of the workflow in `.github/workflows`; null where the runner doesn't tell. */
  readonly workflowFile: string | null;
  readonly job: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly runUrl: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  /** A GitHub Enterprise Server: no artifact service for this client. */
  readonly isEnterpriseServer: boolean;
  readonly workspace: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);
const repository = z.object({ full_name: z.string() }).nullish();

const pullRequestPayload = z.object({
  action: z.string().nullish(),
  pull_request: z.object({
    number: z.int(),
    head: z.object({ sha, ref: z.string(), repo: repository }),
    base: z.object({ sha, ref: z.string(), repo: repository }),
  }),
});
const mergeGroupPayload = z.object({
  merge_group: z.object({ head_sha: sha, base_sha: sha, base_ref: z.string() }),
});
const pushPayload = z.object({ ref: z.string(), before: sha, after: sha });
const dispatchPayload = z.object({ ref: z.string(), inputs: z.record(z.string(), z.unknown()).nullish() });
const schedulePayload = z.object({ schedule: z.string() });
const workflowRunPayload = z.object({
  workflow_run: z.object({ id: z.int(), head_sha: sha, event: z.string() }),
});
const releasePayload = z.object({ action: z.string(), release: z.object({ tag_name: z.string() }) });
const anyPayload = z.object({
  repository: z.object({ default_branch: z.string() }).nullish(),
});

/**
 * Reads the environment and the event file of a job.
 * @throws UserError EVENT_INVALID where this isn't a job, or the event isn't what GitHub documents
 */
export async function readRunContext(environment: Environment): Promise<RunContext> {
  const need = (name: string): string => environment[name] || missing(name);
  const payload = await readPayload(need('GITHUB_EVENT_PATH'));
  const [owner = '', repo = ''] = need('GITHUB_REPOSITORY').split('/');
  const eventName = need('GITHUB_EVENT_NAME');
  const ref = environment.GITHUB_REF ?? '';
  // A schedule runs on the default branch only, and its event may hold nothing but the schedule.
  const scheduledOn = eventName === 'schedule' ? branchOf(ref) : null;
  const { repository } = parse(anyPayload, payload, 'event');
  const defaultBranch = repository?.default_branch ?? scheduledOn ?? 'main';
  const serverUrl = environment.GITHUB_SERVER_URL || 'https://github.com';
  const runId = need('GITHUB_RUN_ID');
  const runAttempt = Number(environment.GITHUB_RUN_ATTEMPT || '1');
  return {
    event: readEvent(eventName, payload, defaultBranch),
    owner,
    repo,
    defaultBranch,
    sha: need('GITHUB_SHA'),
    ref,
    actor: environment.GITHUB_ACTOR ?? '',
    workflow: environment.GITHUB_WORKFLOW ?? '',
    workflowFile: /\/([^/@]+)@/.exec(environment.GITHUB_WORKFLOW_REF ?? '')?.[1] ?? null,
    job: environment.GITHUB_JOB ?? '',
    runId,
    runAttempt,
    runUrl: `${serverUrl}/${owner}/${repo}/actions/runs/${runId}/attempts/${runAttempt}`,
    apiUrl: environment.GITHUB_API_URL || 'https://api.github.com',
    serverUrl,
    isEnterpriseServer: isEnterpriseServer(serverUrl),
    workspace: environment.GITHUB_WORKSPACE || process.cwd(),
  };
}

/** Reads one event; names that the factory has no use for become `other`. */
export function readEvent(name: string, payload: unknown, defaultBranch: string): Event {
  switch (name) {
    case 'pull_request': {
      const { action, pull_request: pull } = parse(pullRequestPayload, payload, name);
      const { number, head, base } = pull;
      // A deleted fork has no repository any more.
      const fromFork = head.repo?.full_name !== base.repo?.full_name;
      const [headSha, headRef, baseSha, baseRef] = [head.sha, head.ref, base.sha, base.ref];
      const closed = action === 'closed';
      return { kind: 'pull-request', number, headSha, headRef, baseSha, baseRef, fromFork, closed };
    }
    case 'merge_group': {
      const { head_sha, base_sha, base_ref } = parse(mergeGroupPayload, payload, name).merge_group;
      return {
        kind: 'merge-group',
        headSha: head_sha,
        baseSha: base_sha,
        baseRef: branchOf(base_ref) ?? base_ref,
      };
    }
    case 'push': {
      const { ref, before, after } = parse(pushPayload, payload, name);
      const branch = branchOf(ref);
      const tag = ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : null;
      const onDefaultBranch = branch === defaultBranch;
      return {
        kind: 'push',
        branch,
        tag,
        before: /^0+$/.test(before) ? null : before,
        after,
        onDefaultBranch,
      };
    }
    case 'schedule':
      return { kind: 'schedule', cron: parse(schedulePayload, payload, name).schedule };
    case 'workflow_dispatch': {
      const { ref, inputs } = parse(dispatchPayload, payload, name);
      const branch = branchOf(ref);
      const texts = Object.entries(inputs ?? {}).map(([key, value]) => [key, inputText(value)]);
      const onDefaultBranch = branch === defaultBranch;
      return {
        kind: 'workflow-dispatch',
        branch,
        onDefaultBranch,
        inputs: Object.fromEntries(texts) as Record<string, string>,
      };
    }
    case 'workflow_run': {
      const { id, head_sha, event } = parse(workflowRunPayload, payload, name).workflow_run;
      return { kind: 'workflow-run', runId: id, headSha: head_sha, event };
    }
    case 'release': {
      const { action, release } = parse(releasePayload, payload, name);
      return { kind: 'release', action, tag: release.tag_name };
    }
    default:
      return { kind: 'other', name };
  }
}

function branchOf(ref: string): string | null {
  return ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
}

function inputText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

/** The same test as the artifact client's. */
function isEnterpriseServer(serverUrl: string): boolean {
  const host = new URL(serverUrl).hostname.toUpperCase();
  return host !== 'GITHUB.COM' && !host.endsWith('.GHE.COM') && !host.endsWith('.LOCALHOST');
}

async function readPayload(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (cause) {
    throw invalid('the event file is not there or not JSON', cause, path);
  }
}

function parse<T>(schema: z.ZodType<T>, payload: unknown, name: string): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw invalid(`the ${name} event has no usable ${issue?.path.join('.') || 'content'}`, parsed.error);
}

function missing(name: string): never {
  throw invalid(`the environment has no ${name}`, undefined);
}

function invalid(message: string, cause: unknown, file?: string): UserError {
  return new UserError({
    code: 'EVENT_INVALID',
    message,
    at: { file },
    fix: 'The actions run inside a job of GitHub Actions; on a laptop use `npx model-factory`.',
    cause,
  });
}
