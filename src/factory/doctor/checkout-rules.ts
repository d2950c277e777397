import type { Finding } from './finding.ts';
import type { WorkflowFile } from './workflow-file.ts';
import type { OwnJob, Report } from './workflow-rules.ts';

/** Actions that compare commits, and need more than the newest one. */
const readsHistory = new Set(['factory', 'plan', 'gate', 'publish']);

const headRef = /github\.(head_ref|event\.pull_request\.head)|refs\/pull\//;

/** Checks what lies in the workspace when our actions run, and whose code it is. */
export function checkoutFindings({ triggers }: WorkflowFile, own: OwnJob, report: Report): Finding[] {
  const { name, job, steps } = own;
  const before = job.steps.slice(0, steps[0]!.index);
  const index = before.findIndex(({ uses }) => uses.startsWith('actions/checkout@'));
  const checkout = before[index];
  const at = ['jobs', name, 'steps', index < 0 ? steps[0]!.index : index];
  const findings: Finding[] = [];
  if ('pull_request_target' in triggers)
    findings.push(targetFinding(own, headRef.test(checkout?.with['ref'] ?? ''), at, report));
  if (!checkout) {
    if (steps.some(({ action }) => !['comment', 'deploy'].includes(action)))
      findings.push(
        report(
          'fail',
          at,
          `job ${name} has no checkout before the factory: there is no configuration to read`,
          'Add a step with actions/checkout before it.',
        ),
      );
    return findings;
  }
  const depth = checkout.with['fetch-depth'];
  if (steps.some(({ action }) => readsHistory.has(action)) && Number(depth ?? 1) !== 0)
    findings.push(
      report(
        'fail',
        depth === undefined ? at : [...at, 'with', 'fetch-depth'],
        `job ${name} checks out ${Number(depth ?? 1)} commit: what a change is compared with is missing`,
        'Write with: { fetch-depth: 0 } at the checkout.',
      ),
    );
  if (checkout.with['persist-credentials'] !== 'false')
    findings.push(
      report(
        'warn',
        at,
        `the checkout of job ${name} leaves its token in the workspace, where every later step can read it`,
        'Write with: { persist-credentials: false } at the checkout.',
      ),
    );
  return findings;
}

function targetFinding(
  { name }: OwnJob,
  takesHead: boolean,
  at: readonly PropertyKey[],
  report: Report,
): Finding {
  return takesHead
    ? report(
        'fail',
        [...at, 'with', 'ref'],
        `job ${name} runs a stranger's code with a token that can write: pull_request_target checks out the head`,
        'Use the event pull_request.',
      )
    : report(
        'fail',
        ['on', 'pull_request_target'],
        `pull_request_target gives job ${name} the base's code, not the pull request's: nothing of it is judged`,
        'Use the event pull_request.',
      );
}
