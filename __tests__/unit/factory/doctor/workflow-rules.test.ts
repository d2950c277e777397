import { describe, expect, it } from '@jest/globals';
import { checkWorkflows } from '../../../../src/factory/doctor/workflow-rules.ts';
import { workflowForms, workflowText } from '../../../../src/factory/init/workflow-text.ts';
import { filesBelow, read } from '../../structure/sources.ts';

const file = '.github/workflows/model-factory.yml';
const usual = { action: 'acme/model-factory', ref: 'v1', defaultBranch: 'main', folder: null } as const;
const [oneJob, matrix] = workflowForms.map((form) =>
  workflowText({ ...usual, form, concurrencyGroup: 'model-factory' }),
) as [string, string];

const check = (...texts: readonly string[]) =>
  checkWorkflows(
    texts.map((text) => ({ file, text })),
    'main',
  ).findings;
/** Level, line and message of what isn't well. */
const complaints = (...texts: readonly string[]) =>
  check(...texts)
    .filter(({ level }) => level !== 'ok')
    .map(({ level, at, message }) => `${level} ${at?.line ?? '-'} ${message}`);
/** Replaces text that must be there. */
const changed = (text: string, from: string, to: string): string => {
  if (!text.includes(from)) throw new Error(`"${from}" is not in the workflow`);
  return text.replaceAll(from, to);
};

describe('workflows that are well', () => {
  it.each([
    ['one-job', oneJob],
    ['matrix', matrix],
  ])('init --workflow %s', (_, text) => expect(complaints(text)).toEqual([]));

  const examples = filesBelow('examples').filter((path) => /\.github\/workflows\/[^/]+\.ya?ml$/.test(path));
  it.each(['README.md', ...examples])('%s, once OWNER is named', (path) => {
    const text = read(path);
    const fence = /```yaml\n(# \.github\/workflows\/model-factory\.yml\n[^]*?)```/.exec(text)?.[1];
    const workflow = changed(path.endsWith('.md') ? fence! : text, 'OWNER/', 'acme/');
    // An example may do without a schedule: its data don't change by themselves.
    expect(complaints(workflow).filter((line) => !line.includes('no schedule'))).toEqual([]);
  });

  it('others are left alone, even broken ones', () => {
    expect(complaints('on: push\njobs:\n  a:\n    steps: [{ uses: a/b@main }]\n', 'a: [')).toEqual([]);
  });

  it('one job for all events of a repository without pull requests', () => {
    const pushOnly = changed(oneJob, '  pull_request:\n', '');
    expect(complaints(pushOnly)).toEqual([]);
  });
});

const checkout = 'with: { fetch-depth: 0, persist-credentials: false }';

describe('workflows that are not', () => {
  it.each<[string, string, string[]]>([
    [
      'no permissions at all',
      changed(
        changed(oneJob, 'permissions: {}\n', ''),
        '    permissions:\n      actions: read # results of earlier runs\n      contents: write # history branch, tag and release\n',
        '',
      ),
      [
        'warn 1 the workflow sets no `permissions`: jobs that name none get the default of the repository',
        'warn 20 job factory names no permissions',
      ],
    ],
    [
      'read where write is needed',
      changed(changed(oneJob, 'contents: write', 'contents: read'), 'pull-requests: write', 'issues: write'),
      [
        'warn 12 job check can not write the comment: the report stands in the job summary only',
        "fail 25 job factory can not write the history, the version's tag and the release",
      ],
    ],
    [
      'permissions of the workflow hold where a job has none',
      changed(
        oneJob,
        '    permissions:\n      actions: read # results of earlier runs\n      contents: write # history branch, tag and release\n',
        '',
      ),
      ["fail 21 job factory can not write the history, the version's tag and the release"],
    ],
    [
      'one job for everything',
      changed(
        changed(oneJob, "    if: github.event_name != 'pull_request'\n", ''),
        'contents: write # history branch, tag and release\n',
        'contents: write\n      pull-requests: write\n',
      ),
      ["warn 26 job factory runs a pull request's code with a token that can write contents"],
    ],
    [
      'a training job that may write',
      changed(matrix, '      contents: read # checkout\n', '      contents: write\n'),
      ['warn 36 job train may write contents and never needs to'],
    ],
    [
      'a shallow checkout with its token',
      changed(oneJob, checkout, 'with: { fetch-depth: 2 }'),
      [
        'fail 19 job check checks out 2 commit: what a change is compared with is missing',
        'warn 18 the checkout of job check leaves its token in the workspace, where every later step can read it',
        'fail 31 job factory checks out 2 commit: what a change is compared with is missing',
        'warn 30 the checkout of job factory leaves its token in the workspace, where every later step can read it',
      ],
    ],
    [
      "a stranger's code with a token",
      changed(
        changed(oneJob, '  pull_request:', '  pull_request_target:'),
        checkout,
        "with: { fetch-depth: 0, persist-credentials: false, ref: '${{ github.event.pull_request.head.sha }}' }",
      ),
      [
        "fail 19 job check runs a stranger's code with a token that can write: pull_request_target checks out the head",
        "fail 31 job factory runs a stranger's code with a token that can write: pull_request_target checks out the head",
      ],
    ],
    [
      'no checkout',
      'on: { push: {}, schedule: [] }\npermissions: {}\njobs:\n  it:\n    concurrency: a\n' +
        '    permissions: { contents: write }\n    steps:\n      - uses: acme/model-factory@v1\n',
      ['fail 8 job it has no checkout before the factory: there is no configuration to read'],
    ],
    [
      'refs that differ, follow a branch or are a placeholder',
      changed(
        changed(matrix, 'acme/model-factory/train@v1', 'acme/model-factory/train@main'),
        'acme/model-factory/publish@v1',
        'OWNER/model-factory/publish@v1',
      ),
      [
        'warn 44 acme/model-factory/train@main follows a branch',
        'fail 44 acme/model-factory/train@main beside acme/model-factory@v1: documents of two versions may not fit',
        'fail 81 OWNER/model-factory/publish@v1: OWNER is a placeholder',
        'fail 81 OWNER/model-factory/publish@v1 beside acme/model-factory@v1: documents of two versions may not fit',
      ],
    ],
    [
      'a promotion that a newer run cuts off',
      changed(oneJob, 'cancel-in-progress: false', 'cancel-in-progress: true'),
      ['warn 28 a newer run cuts job factory off, maybe while it publishes'],
    ],
    [
      'runs that publish and share no group',
      changed(matrix, '    concurrency:\n      group: model-factory\n      cancel-in-progress: false\n', ''),
      ['warn 65 two runs of job factory can judge the same champion at the same time'],
    ],
    [
      'no concurrency and no schedule',
      changed(
        changed(oneJob, '    concurrency: { group: model-factory, cancel-in-progress: false }\n', ''),
        "  schedule: [{ cron: '17 4 * * 1' }] # judge again on Monday's data\n",
        '',
      ),
      [
        'warn 20 two runs of job factory can judge the same champion at the same time',
        'warn - no schedule: models age without a push',
      ],
    ],
    [
      'filters that keep it from running',
      changed(
        changed(oneJob, '  pull_request:', "  pull_request: { paths: ['data/**'] }"),
        '[main]',
        '[master]',
      ),
      [
        'warn 3 a pull request outside `paths` never reports, and a required check waits for ever',
        'warn 4 the default branch is main, a push to it starts nothing: no model is ever promoted',
      ],
    ],
    [
      'a matrix that ends early and is too large',
      changed(
        changed(matrix, '      fail-fast: false\n', ''),
        '        id: plan\n',
        '        id: plan\n        with: { max-shards: 300 }\n',
      ),
      [
        'fail 29 max-shards is 300, a matrix has at most 256 jobs',
        'warn 38 the first candidate that fails ends the training of all others',
      ],
    ],
    [
      'broken YAML',
      changed(oneJob, 'on:\n', 'on: [\n'),
      ['fail 4 Block collections are not allowed within flow collections'],
    ],
  ])('%s', (_, text, expected) => {
    const found = complaints(text);
    expect(found).toEqual(expected.map((line) => expect.stringContaining(line)));
    for (const finding of check(text)) if (finding.level !== 'ok') expect(finding.fix).toMatch(/\w{3}.*\.$/);
  });

  it('compares refs over all files', () => {
    const other = changed(oneJob, '@v1', '@v2');
    expect(complaints(oneJob, other)).toContain(
      'fail 20 acme/model-factory@v2 beside acme/model-factory@v1: documents of two versions may not fit',
    );
  });
});
