import type { Finding } from './finding.ts';
import { checkoutFindings } from './checkout-rules.ts';
import { permissionFindings } from './permission-rules.ts';
import { ownSteps, readWorkflow, type Job, type OwnStep, type WorkflowFile } from './workflow-file.ts';

/** A job with the events and our actions that it has. */
export interface OwnJob {
  readonly name: string;
  readonly job: Job;
  readonly steps: readonly OwnStep[];
  readonly onPullRequest: boolean;
  /** Runs where models are promoted: push to the default branch, schedule, dispatch. */
  readonly onDefaultBranch: boolean;
}

export interface WorkflowSource {
  readonly file: string;
  readonly text: string;
}

/** What a rule reports: the rest of a finding is the same for all. */
export type Report = (
  level: 'warn' | 'fail',
  path: readonly PropertyKey[],
  message: string,
  fix: string,
) => Finding;

export interface WorkflowsReport {
  readonly findings: readonly Finding[];
  /** Actions of ours that are used somewhere. */
  readonly actions: ReadonlySet<string>;
}

/** Checks every workflow that uses our actions; the others are not our business. */
export function checkWorkflows(
  sources: readonly WorkflowSource[],
  defaultBranch: string | null,
): WorkflowsReport {
  const findings: Finding[] = [];
  const actions = new Set<string>();
  const refs = new Set<string>();
  let hasSchedule = false;
  for (const { file, text } of sources) {
    const read = readWorkflow(text, file);
    if (read.kind === 'broken') {
      if (/model-factory/i.test(text)) findings.push(read.finding);
      continue;
    }
    const { workflow } = read;
    const jobs = ownJobs(workflow);
    if (jobs.length === 0) continue;
    const report: Report = (level, path, message, fix) => ({
      ...{ level, check: 'workflow', message, fix },
      at: workflow.placeOf(path),
    });
    const found = [
      ...triggerFindings(workflow, defaultBranch, report),
      ...permissionFindings(workflow, jobs, report),
      ...jobs.flatMap((job) => [
        ...checkoutFindings(workflow, job, report),
        ...concurrencyFindings(workflow, job, report),
        ...matrixFindings(job, report),
        ...refFindings(job, refs, report),
      ]),
    ];
    findings.push(...found);
    for (const { steps } of jobs) for (const { action } of steps) actions.add(action);
    hasSchedule ||= 'schedule' in workflow.triggers;
    const names = jobs.map(({ name }) => name).join(', ');
    if (found.length === 0)
      findings.push({ level: 'ok', check: 'workflow', message: `${file}: jobs ${names}`, fix: null });
  }
  if (['factory', 'publish'].some((action) => actions.has(action)))
    findings.push(scheduleFinding(hasSchedule));
  return { findings, actions };
}

function ownJobs(workflow: WorkflowFile): OwnJob[] {
  const { triggers } = workflow;
  const has = (...events: readonly string[]): boolean => events.some((event) => event in triggers);
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const steps = ownSteps(job);
    if (steps.length === 0) return [];
    const only = /event_name *== *'pull_request'/.test(job.if) && !job.if.includes('||');
    const never = /event_name *(!= *'pull_request'|== *'(push|schedule)')/.test(job.if);
    return [
      {
        ...{ name, job, steps },
        onPullRequest: has('pull_request', 'pull_request_target', 'merge_group') && !never,
        onDefaultBranch: has('push', 'schedule', 'workflow_dispatch') && !only,
      },
    ];
  });
}

function triggerFindings(
  { triggers }: WorkflowFile,
  defaultBranch: string | null,
  report: Report,
): Finding[] {
  const findings: Finding[] = [];
  for (const filter of ['paths', 'paths-ignore'])
    if (filter in (triggers['pull_request'] ?? {}))
      findings.push(
        report(
          'warn',
          ['on', 'pull_request', filter],
          `a pull request outside \`${filter}\` never reports, and a required check waits for ever`,
          `Remove ${filter}: the factory itself ends in seconds where nothing changed.`,
        ),
      );
  const branches = triggers['push']?.['branches'];
  const named = Array.isArray(branches) ? branches.map(String) : [];
  const misses = named.length > 0 && !named.some((name) => name === defaultBranch || /[*?![+]/.test(name));
  if (defaultBranch !== null && misses)
    findings.push(
      report(
        'warn',
        ['on', 'push', 'branches'],
        `the default branch is ${defaultBranch}, a push to it starts nothing: no model is ever promoted`,
        `Write branches: [${defaultBranch}].`,
      ),
    );
  return findings;
}

function concurrencyFindings(
  workflow: WorkflowFile,
  { name, job, steps, onDefaultBranch }: OwnJob,
  report: Report,
) {
  const writes = steps.some(({ action }) => ['factory', 'publish'].includes(action));
  if (!onDefaultBranch || !writes) return [];
  const own = job.concurrency !== undefined;
  const ofAll = isEachRunsOwn(workflow.concurrency) ? undefined : workflow.concurrency;
  const concurrency = job.concurrency ?? ofAll;
  const path = own ? ['jobs', name, 'concurrency'] : ['concurrency'];
  const fix = 'Write concurrency: { group: model-factory, cancel-in-progress: false } in the job.';
  if (concurrency === undefined)
    return [
      report(
        'warn',
        ['jobs', name],
        `two runs of job ${name} can judge the same champion at the same time`,
        fix,
      ),
    ];
  const cancels =
    typeof concurrency === 'object' &&
    concurrency !== null &&
    'cancel-in-progress' in concurrency &&
    concurrency['cancel-in-progress'] === true;
  return cancels
    ? [report('warn', path, `a newer run cuts job ${name} off, maybe while it publishes`, fix)]
    : [];
}

/** Whether a group is named after the run: no two runs share it, so none waits for another. */
function isEachRunsOwn(concurrency: unknown): boolean {
  return JSON.stringify(concurrency ?? null).includes('github.run_id');
}

function matrixFindings({ name, job, steps }: OwnJob, report: Report): Finding[] {
  const findings: Finding[] = [];
  const trains = steps.some(({ action }) => action === 'train');
  if (trains && 'matrix' in job.strategy && job.strategy['fail-fast'] !== false)
    findings.push(
      report(
        'warn',
        ['jobs', name, 'strategy'],
        'the first candidate that fails ends the training of all others',
        'Write fail-fast: false under strategy.',
      ),
    );
  for (const { index, step } of steps) {
    const shards = Number(step.with['max-shards'] ?? 0);
    if (shards > 256)
      findings.push(
        report(
          'fail',
          ['jobs', name, 'steps', index, 'with', 'max-shards'],
          `max-shards is ${shards}, a matrix has at most 256 jobs`,
          'Write max-shards: 256 or less.',
        ),
      );
  }
  return findings;
}

/** Tags of versions and commits stay where they are, or move with care; a branch moves with every push. */
const fixedRef = /^([0-9a-f]{40}|v?\d+(\.\d+){0,2})$/;

function refFindings({ name, steps }: OwnJob, refs: Set<string>, report: Report): Finding[] {
  return steps.flatMap(({ index, repository, ref, step }) => {
    const found: Finding[] = [];
    const at = ['jobs', name, 'steps', index, 'uses'];
    if (repository.startsWith('OWNER/'))
      found.push(
        report('fail', at, `${step.uses}: OWNER is a placeholder`, 'Write the account that hosts your copy.'),
      );
    if (!fixedRef.test(ref))
      found.push(
        report('warn', at, `${step.uses} follows a branch`, 'Pin a version tag, or better a commit.'),
      );
    const [first] = refs;
    if (first !== undefined && first !== `${repository}@${ref}`)
      found.push(
        report(
          'fail',
          at,
          `${step.uses} beside ${first}: documents of two versions may not fit`,
          'Use one ref for all sub-actions.',
        ),
      );
    refs.add(`${repository}@${ref}`);
    return found;
  });
}

function scheduleFinding(hasSchedule: boolean): Finding {
  if (hasSchedule)
    return {
      ...{ level: 'ok', check: 'workflow', fix: null },
      message:
        'a schedule judges again; GitHub stops it in a public repository after 60 days without activity',
    };
  return {
    ...{ level: 'warn', check: 'workflow' },
    message: 'no schedule: models age without a push',
    fix: "Add schedule: [{ cron: '17 4 * * 1' }] under `on` of the workflow with the factory job.",
  };
}
