import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UserError } from '../../../src/errors/user-error.ts';
import { actionsRunner, fitSummary } from '../../../src/platform/runner.ts';

const before = { ...process.env };
let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runner-'));
  for (const name of ['OUTPUT', 'STEP_SUMMARY']) {
    writeFileSync(join(folder, name), '');
    process.env[`GITHUB_${name}`] = join(folder, name);
  }
  printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...before };
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

describe('the runner', () => {
  it('prints nothing that speaks in its name', async () => {
    const runner = actionsRunner();
    runner.info('::error::from the data');
    await runner.group('##[error]title', () => Promise.resolve());
    const commands = printed.split('\n').filter((line) => line.startsWith('::'));
    expect(commands).toEqual([expect.stringMatching(/^::group::/), '::endgroup::']);
    expect(printed).not.toContain('##[');
  });

  it('reads inputs, and null for an empty one', () => {
    Object.assign(process.env, { 'INPUT_WORKING-DIRECTORY': ' models/churn ', INPUT_CONFIG: '' });
    const runner = actionsRunner();
    expect(['working-directory', 'config', 'none'].map((name) => runner.input(name))).toEqual([
      'models/churn',
      null,
      null,
    ]);
  });

  it('closes a group whose work fails', async () => {
    const failing = actionsRunner().group('Training', () => Promise.reject(new Error('no memory')));
    await expect(failing).rejects.toThrow('no memory');
    expect(printed.trimEnd().split('\n').at(-1)).toBe('::endgroup::');
  });

  it('keeps to ten annotations of a level and prints the rest', () => {
    const runner = actionsRunner();
    for (let index = 1; index <= 12; index++) runner.warning(`warning ${index}`);
    expect(printed.match(/^::warning/gm)).toHaveLength(10);
    expect(printed).toContain('warning: Model Factory: warning 12');
  });

  it('writes outputs that can not smuggle in others', () => {
    actionsRunner().setOutput('winner', 'a\nversion=v9');
    const text = readFileSync(join(folder, 'OUTPUT'), 'utf8');
    expect(text).toMatch(/^winner<<(ghadelimiter_[\w-]+)\na\nversion=v9\n\1\n$/);
  });

  it('writes the summary of the step anew each time, and nothing outside a job', async () => {
    const runner = actionsRunner();
    await runner.writeSummary('first');
    await runner.writeSummary('second');
    expect(readFileSync(join(folder, 'STEP_SUMMARY'), 'utf8')).toBe('second');
    delete process.env.GITHUB_STEP_SUMMARY;
    await expect(runner.writeSummary('third')).resolves.toBeUndefined();
  });

  it('cuts a summary that the real runner would drop, at the end of a line', () => {
    const cut = fitSummary('Zeile mit Umlaut ü\n'.repeat(70_000));
    expect(Buffer.byteLength(cut)).toBeLessThan(1024 * 1024);
    expect(cut).toMatch(/Umlaut ü\n\n\*The rest did not fit/);
    expect(fitSummary('short')).toBe('short');
  });

  it("reports a user's mistake with its place and fix, without a stack", () => {
    const error = new UserError({
      code: 'CONFIG_INVALID',
      message: 'unknown key "targt"',
      at: { file: 'model-factory.yml', line: 3, column: 5 },
      fix: 'Did you mean "target"?',
    });
    actionsRunner().fail(error);
    expect(process.exitCode).toBe(1);
    expect(printed).toContain(
      '::error title=CONFIG_INVALID,file=model-factory.yml,line=3,col=5::unknown key',
    );
    expect(printed).toContain('fix:   Did you mean "target"?');
    expect(printed).not.toContain('    at ');
  });

  it('reports our own mistake with a stack', () => {
    actionsRunner().fail(new Error('undefined is not a function'));
    expect(printed).toContain('please report it');
    expect(printed).toContain('runner.test.ts');
  });
});
