/** What varies in the workflow that `init` writes. */
export interface WorkflowChoices {
  readonly form: WorkflowForm;
  /** Our root action, such as `OWNER/model-factory`. */
  readonly action: string;
  /** Tag or commit of it. */
  readonly ref: string;
  readonly defaultBranch: string;
  /** Folder of the model in the repository; null for the root. */
  readonly folder: string | null;
  /** Jobs of one group never publish at the same time. */
  readonly concurrencyGroup: string;
}

export const workflowForms = ['one-job', 'matrix'] as const;
export type WorkflowForm = (typeof workflowForms)[number];

/** The action as the README names it, until somebody says where their copy lives. */
export const defaultUses = { action: 'OWNER/model-factory', ref: 'v1' } as const;

/** Name of the workflow, of its file and of its concurrency group. */
export const workflowName = 'model-factory';

const checkout = 'actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2';

const earlierResults = '      actions: read # results of earlier runs\n';

/** Of the checks of a pull request only the newest goes on; runs that publish share no group here. */
const newestCheck = `concurrency: # of the checks of a pull request only the newest; runs that publish queue in their job
  group: \${{ github.workflow }}-\${{ github.event.pull_request.number || github.run_id }}
  cancel-in-progress: \${{ github.event_name == 'pull_request' }}
`;

/** A job that judges a pull request, up to the steps that differ; `more` = further permissions. */
const commentingJob = (minutes: number, more: string, concurrency = ''): string => `    runs-on: ubuntu-latest
    timeout-minutes: ${minutes}
    permissions:
${more}      contents: read # checkout, and reading the history
      pull-requests: write # the comment
${concurrency}    steps:
      - uses: ${checkout}
        with: { fetch-depth: 0, persist-credentials: false }`;

/** The workflow file: everything in one job for each question, or a matrix of training jobs. */
export function workflowText(choices: WorkflowChoices): string {
  return choices.form === 'one-job' ? oneJob(choices) : matrix(choices);
}

function oneJob({ action, ref, defaultBranch, folder, concurrencyGroup }: WorkflowChoices): string {
  const uses = `- uses: ${action}@${ref}${inputs(folder, {})}`;
  const newest = `    concurrency: { group: '${concurrencyGroup}-\${{ github.ref }}', cancel-in-progress: true }\n`;
  return `name: ${workflowName}
on:
  pull_request:
  push: { branches: [${flow(defaultBranch)}] }
  schedule: [{ cron: '17 4 * * 1' }] # judge again on Monday's data
permissions: {}
jobs:
  check:
    if: github.event_name == 'pull_request'
${commentingJob(120, earlierResults, newest)}
      ${uses}
  factory:
    if: github.event_name != 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 120
    permissions:
${earlierResults}      contents: write # history branch, tag and release
    concurrency: { group: ${concurrencyGroup}, cancel-in-progress: false }
    steps:
      - uses: ${checkout}
        with: { fetch-depth: 0, persist-credentials: false }
      ${uses}
`;
}

function matrix({ action, ref, defaultBranch, folder, concurrencyGroup }: WorkflowChoices): string {
  const plan = '${{ needs.plan.outputs.plan }}';
  const verdict = '${{ steps.gate.outputs.verdict-artifact-id }}';
  return `# A matrix of candidates on every push: plan -> train (one job per shard) -> check on pull requests, else factory.
name: ${workflowName}
on:
  pull_request:
  push:
    branches: [${flow(defaultBranch)}]
  schedule:
    - cron: '17 4 * * 1' # judge again on Monday's data
permissions: {}
${newestCheck}
jobs:
  plan:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
${earlierResults}      contents: read # checkout, and reading the history
    outputs:
      shards: \${{ steps.plan.outputs.shards }}
      plan: \${{ steps.plan.outputs.plan-artifact-id }}
    steps:
      - uses: ${checkout}
        with: { fetch-depth: 0, persist-credentials: false }
      - uses: ${action}/plan@${ref}
        id: plan${inputs(folder, {})}

  train:
    needs: plan
    if: needs.plan.outputs.shards != '[]'
    runs-on: \${{ matrix.runs-on }}
    timeout-minutes: 120
    permissions:
      contents: read # checkout
    strategy:
      fail-fast: false
      matrix:
        include: \${{ fromJSON(needs.plan.outputs.shards) }}
    steps:
      - uses: ${checkout}
        with: { persist-credentials: false }
      - uses: ${action}/train@${ref}${inputs(folder, { 'plan-artifact-id': plan, shard: '${{ matrix.shard }}' })}

  check:
    needs: [plan, train]
    if: \${{ !cancelled() && needs.plan.result == 'success' && github.event_name == 'pull_request' }}
${commentingJob(60, '')}
      - uses: ${action}/gate@${ref}
        id: gate${inputs(folder, { 'plan-artifact-id': plan })}
      - uses: ${action}/comment@${ref}
        if: \${{ !cancelled() && steps.gate.outputs.verdict-artifact-id }}${inputs(folder, { 'verdict-artifact-id': verdict })}

  factory:
    needs: [plan, train]
    if: \${{ !cancelled() && needs.plan.result == 'success' && github.event_name != 'pull_request' }}
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: write # history branch, version tag and release
    concurrency:
      group: ${concurrencyGroup}
      cancel-in-progress: false
    steps:
      - uses: ${checkout}
        with: { fetch-depth: 0, persist-credentials: false }
      - uses: ${action}/gate@${ref}
        id: gate${inputs(folder, { 'plan-artifact-id': plan })}
      - uses: ${action}/publish@${ref}
        if: steps.gate.outputs.conclusion == 'promote'${inputs(folder, { 'verdict-artifact-id': verdict })}
`;
}

/** The line `with:` of a step; none without inputs. */
function inputs(folder: string | null, values: Readonly<Record<string, string>>): string {
  const all = { ...values, ...(folder !== null && { 'working-directory': folder }) };
  const entries = Object.entries(all).map(([name, value]) => `${name}: ${flow(value)}`);
  return entries.length === 0 ? '' : `\n        with: { ${entries.join(', ')} }`;
}

/** A text inside braces or brackets, quoted unless it is a plain word. */
function flow(text: string): string {
  return /^[a-z_][\w/-]*$/i.test(text) && !/^(true|false|null|yes|no|on|off)$/i.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
}
