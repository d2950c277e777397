import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { adult, Workspace } from './workspace.ts';

const timeout = 120_000;
const penguins = readFileSync(
  fileURLToPath(new URL('../fixtures/data/penguins.csv', import.meta.url)),
  'utf8',
);
const workflow = '.github/workflows/model-factory.yml';

/** Trips with an id for each and in the order of their date: what a first look has to sort out. */
const trips = [
  'trip_id,pickup,distance,zone,note,fare',
  ...Array.from({ length: 400 }, (_, i) => {
    const pickup = new Date(i * 3.6e6).toISOString().slice(0, 19).replace('T', ' ');
    const distance = ((i * 37) % 90) / 10;
    return [
      `t${(i * 7) % 401}`,
      pickup,
      distance,
      'abc'[i % 3],
      `note ${i}`,
      (3 + 2.5 * distance).toFixed(2),
    ].join();
  }),
  '',
].join('\n');

describe('a newcomer', () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
  });
  afterEach(() => {
    workspace.remove();
  });

  it.each([
    ['people', adult, 'income', []],
    ['penguins', penguins, 'species', ['--workflow', 'matrix']],
    ['trips', trips, 'fare', []],
  ])(
    '%s: init, run, doctor',
    (name, csv, target, more) => {
      workspace.write({ [`${name}.csv`]: csv });
      const uses = ['--uses', 'acme/model-factory@v1'];
      expect(workspace.run('init', `${name}.csv`, '--target', target, ...uses, ...more)).toMatchObject({
        code: 0,
      });
      const ran = workspace.run('run', '--out', 'out', '--workers', '2');
      expect(ran.stderr).not.toContain('fix:');
      expect(ran.code).toBe(0);
      workspace.commit('Add a model', {});
      const { code, stdout } = workspace.run('doctor');
      expect(code).toBe(0);
      const warnings = stdout.split('\n').filter((line) => /^(WARN|FAIL)/.test(line));
      // Fares follow from the distance, which is as suspicious as it looks.
      const expected = name === 'trips' ? ['WARN  data: distance: '] : [];
      expect(warnings).toEqual(
        [...expected, 'WARN  repository: there is no remote'].map((line) => expect.stringContaining(line)),
      );
    },
    timeout,
  );

  it.each<[string, (text: string) => string, string, string]>([
    [
      'may not write',
      (text) => text.replace('contents: write', 'contents: read'),
      ':25: job factory',
      'contents: write',
    ],
    [
      'is shallow',
      (text) => text.replace('fetch-depth: 0', 'fetch-depth: 1'),
      ':19: job check',
      'fetch-depth: 0',
    ],
    [
      'has two versions',
      (text) => text.replace(/@v1(?=\n$)/, '@v2'),
      ':32: acme/model-factory@v2',
      'one ref',
    ],
    [
      "trusts a stranger's code",
      (text) =>
        text
          .replace('pull_request:', 'pull_request_target:')
          .replace('fetch-depth: 0,', 'fetch-depth: 0, ref: "${{ github.head_ref }}",'),
      ':19: job check',
      'event pull_request',
    ],
    ['is no YAML', (text) => text.replace('jobs:', 'jobs: ]'), ':7: ', 'Mend the YAML'],
  ])(
    'the doctor names line and fix of a workflow that %s',
    (_, breakIt, where, fix) => {
      workspace.write({ 'penguins.csv': penguins });
      mkdirSync(workspace.path('.github/workflows'), { recursive: true });
      workspace.run('init', '--yes', '--uses', 'acme/model-factory@v1');
      workspace.write({ [workflow]: breakIt(workspace.read(workflow).toString()) });
      const { code, stdout } = workspace.run('doctor', '--json');
      expect(code).toBe(1);
      const { ok, findings } = JSON.parse(stdout) as {
        ok: boolean;
        findings: { level: string; message: string; at?: { file: string; line: number }; fix: string }[];
      };
      expect(ok).toBe(false);
      const failed = findings
        .filter(({ level }) => level === 'fail')
        .map(({ at, message, fix: how }) => [at?.file, `:${at?.line}: ${message}`, how]);
      expect(failed[0]).toEqual([workflow, expect.stringContaining(where), expect.stringContaining(fix)]);
    },
    timeout,
  );

  it(
    'the doctor says what is wrong with the data, and how often the test set was asked',
    () => {
      expect(workspace.run('doctor')).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^FAIL {2}configuration: model-factory\.yml: CONFIG_MISSING: /),
      });
      workspace.write({ 'people.csv': adult });
      workspace.run('init', '--yes', '--uses', 'acme/model-factory@v1');
      workspace.judge('--promote');
      expect(workspace.run('doctor', '--ledger', 'history').stdout).toMatch(
        /ok {4}history: champion v1\.0\.0\nok {4}test set: \d of 10 looks at the test set \(hold-out\) are used/,
      );
      workspace.write({
        'people.csv': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      });
      expect(workspace.run('doctor').stdout).toContain('DATA_LFS_POINTER');
    },
    timeout,
  );
});
