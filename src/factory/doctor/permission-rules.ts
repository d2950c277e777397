import type { Finding } from './finding.ts';
import type { WorkflowFile } from './workflow-file.ts';
import type { OwnJob, Report } from './workflow-rules.ts';

const levels = ['none', 'read', 'write'] as const;
type Level = (typeof levels)[number];

/** Checks that each job may do what our actions in it need, and not more. */
export function permissionFindings(
  workflow: WorkflowFile,
  jobs: readonly OwnJob[],
  report: Report,
): Finding[] {
  const atTop =
    workflow.permissions === undefined
      ? [
          report(
            'warn',
            [],
            'the workflow sets no `permissions`: jobs that name none get the default of the repository',
            'Write permissions: {} above jobs, and in each job what it needs.',
          ),
        ]
      : [];
  return [...atTop, ...jobs.flatMap((job) => jobFindings(workflow, job, report))];
}

function jobFindings(workflow: WorkflowFile, own: OwnJob, report: Report): Finding[] {
  const { name, job, steps, onPullRequest, onDefaultBranch } = own;
  const written = job.permissions ?? workflow.permissions;
  const path = ['jobs', name, ...(job.permissions === undefined ? [] : ['permissions'])];
  if (written === undefined)
    return [
      report(
        'warn',
        path,
        `job ${name} names no permissions`,
        `Write permissions: { ${needed(own)} } in it.`,
      ),
    ];
  const findings: Finding[] = [];
  const uses = (...actions: readonly string[]): boolean =>
    steps.some(({ action }) => actions.includes(action));
  const contents = granted(written, 'contents');
  const writes = uses('publish') || (onDefaultBranch && uses('factory', 'gate'));
  const least: Level = writes ? 'write' : 'read';
  if (below(contents, least))
    findings.push(
      report(
        'fail',
        path,
        writes
          ? `job ${name} can not write the history, the version's tag and the release`
          : `job ${name} can not read the repository`,
        `Add contents: ${least} to its permissions.`,
      ),
    );
  if (contents === 'write' && !writes)
    findings.push(
      report(
        'warn',
        [...path, 'contents'],
        `job ${name} may write contents and never needs to`,
        'Write contents: read.',
      ),
    );
  else if (contents === 'write' && onPullRequest && onDefaultBranch)
    findings.push(
      report(
        'warn',
        [...path, 'contents'],
        `job ${name} runs a pull request's code with a token that can write contents`,
        'Split it in two: check for pull requests with contents: read, factory for the rest, as the README shows.',
      ),
    );
  if (uses('deploy') && below(granted(written, 'deployments'), 'write'))
    findings.push(
      report(
        'fail',
        path,
        `job ${name} can not record what is live`,
        'Add deployments: write to its permissions.',
      ),
    );
  const comments = uses('comment') || (onPullRequest && uses('factory') && !neverComments(own));
  if (comments && below(granted(written, 'pull-requests'), 'write'))
    findings.push(
      report(
        uses('comment') ? 'fail' : 'warn',
        path,
        `job ${name} can not write the comment: the report stands in the job summary only`,
        'Add pull-requests: write to its permissions.',
      ),
    );
  return findings;
}

function needed({ steps, onPullRequest, onDefaultBranch }: OwnJob): string {
  const actions = steps.map(({ action }) => action);
  const writes = onDefaultBranch && actions.some((action) => ['factory', 'gate', 'publish'].includes(action));
  const comments = onPullRequest && actions.some((action) => ['factory', 'comment'].includes(action));
  if (actions.includes('deploy')) return 'contents: read, deployments: write';
  const plans = actions.some((action) => ['factory', 'plan'].includes(action));
  return `${plans ? 'actions: read, ' : ''}contents: ${writes ? 'write' : 'read'}${comments ? ', pull-requests: write' : ''}`;
}

function neverComments({ steps }: OwnJob): boolean {
  return steps.every(({ step }) => step.with['comment'] === 'never');
}

function below(level: Level, least: Level): boolean {
  return levels.indexOf(level) < levels.indexOf(least);
}

/** What a `permissions` value grants: a word for all, or a block that grants nothing that it doesn't name. */
function granted(permissions: unknown, name: string): Level {
  if (permissions === 'write-all') return 'write';
  if (permissions === 'read-all') return 'read';
  if (typeof permissions !== 'object' || permissions === null) return 'none';
  const level: unknown = Object.entries(permissions).find(([key]) => key === name)?.[1];
  return levels.find((known) => known === level) ?? 'none';
}
