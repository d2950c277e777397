import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from '@jest/globals';
import { configuration, people, program, strong, Workspace } from './workspace.ts';

describe('the program', () => {
  const workspace = new Workspace();
  afterAll(() => {
    workspace.remove();
  });

  it('computes no number with code from Maglev, which is not always right', () => {
    workspace.commit('Model', { 'people.csv': people, 'model-factory.yml': configuration(strong) });
    const trace = execFileSync(process.execPath, ['--trace-opt', program, 'run', '--out', 'out'], {
      cwd: workspace.folder,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect(trace).toContain('TURBOFAN');
    const compiled = [...trace.matchAll(/completed compiling \w+ <JSFunction (\S*).*target MAGLEV/g)];
    // What Node itself compiled while it started, before anything of ours ran.
    const startup = new Set(['isPosixPathSeparator', 'normalizeString']);
    expect(compiled.map(([, name]) => name).filter((name = '') => !startup.has(name))).toEqual([]);
    expect(trace).toContain('linear best');
  }, 120_000);
});
