import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rmSync } from 'node:fs';
import { adult, configuration, strong, Workspace } from './workspace.ts';

const timeout = 60_000;
const lfs = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n';

describe("a user's mistake", () => {
  let workspace: Workspace;
  beforeEach(() => {
    workspace = new Workspace();
    workspace.write({ 'people.csv': adult, 'model-factory.yml': configuration(strong) });
  });
  afterEach(() => {
    workspace.remove();
  });

  const data = (csv: string) => (): void => {
    workspace.write({ 'people.csv': csv });
  };
  const config = (text: string) => (): void => {
    workspace.write({ 'model-factory.yml': text });
  };

  it.each<[string, () => void, string, string]>([
    [
      'no configuration',
      () => rmSync(workspace.path('model-factory.yml')),
      'CONFIG_MISSING',
      'model-factory.yml',
    ],
    ['broken YAML', config('version: [1'), 'CONFIG_SYNTAX', 'model-factory.yml:1:12'],
    [
      'an unknown key',
      config(configuration(strong, 'gates: {}')),
      'CONFIG_INVALID',
      'model-factory.yml:6:1, "gates"',
    ],
    [
      'an unknown trainer',
      config(configuration('trees: { trainer: boosting }')),
      'CONFIG_INVALID',
      'model-factory.yml:5:12, "candidates.trees.trainer"',
    ],
    [
      'a name that is too short',
      config(configuration('t: { trainer: dummy }')),
      'CONFIG_INVALID',
      'model-factory.yml:5:3, "candidates.t"',
    ],
    [
      'a trainer for another task',
      config(configuration('line: { trainer: linear-regression }')),
      'CONFIG_INVALID',
      'model-factory.yml:5:11, "candidates.line.trainer"',
    ],
    [
      'a metric for another task',
      config(configuration(strong, 'gate: { metric: rmse }')),
      'CONFIG_INVALID',
      'model-factory.yml:6:9, "gate.metric"',
    ],
    [
      'a slice of no column, before anything is trained',
      config(configuration(strong, 'gate: { block: { slices: { columns: [workclas] } } }')),
      'DATA_COLUMN',
      '"workclas"',
    ],
    ['no data', () => rmSync(workspace.path('people.csv')), 'DATA_MISSING', 'people.csv'],
    ['a pointer of Git LFS', data(lfs), 'DATA_LFS_POINTER', 'people.csv:1'],
    [
      'only the pointer of DVC',
      () => {
        rmSync(workspace.path('people.csv'));
        workspace.write({ 'people.csv.dvc': 'outs:\n- md5: 00\n  path: people.csv\n' });
      },
      'DATA_DVC_POINTER',
      'people.csv.dvc',
    ],
    ['no such target', data(adult.replace('income', 'outcome')), 'DATA_COLUMN', 'people.csv:1, "income"'],
    ['a row that is too short', data(`${adult}39,Private\n`), 'DATA_SYNTAX', 'people.csv:3002, row 3001'],
  ])(
    '%s: exit code 2 with code, place and fix',
    (_, breakIt, code, where) => {
      breakIt();
      const ran = workspace.run('run', '--out', 'out', '--workers', '1');
      expect(ran).toMatchObject({ code: 2, stdout: '' });
      const [message, place, fix, ...more] = ran.stderr.split('\n');
      expect(message).toMatch(new RegExp(`^${code}: \\S.*\\.$`));
      expect(place).toBe(`  where: ${where}`);
      expect(fix).toMatch(/^ {2}fix: {3}\S+/);
      expect(more).toEqual(['']);
    },
    timeout,
  );

  it('names the nearest option', () => {
    expect(workspace.run('run', '--promte')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'ARGUMENT_INVALID: Unknown option --promte.\n  fix:   Did you mean --promote?\n',
    });
  });
});
