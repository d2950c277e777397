import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { filledWords } from '../../../src/config/program.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';

/** Faults of a configuration with one candidate, as `line:column message`. */
function faults(...candidate: readonly string[]): string[] {
  const head = ['version: 1', 'model: churn', 'data: { source: d.csv, target: y }', 'candidates:', '  mine:'];
  try {
    loadConfig([...head, ...candidate.map((line) => `    ${line}`)].join('\n'), 'f.yml', catalogue);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error, ...error.more].map(({ at, message }) => `${at.line}:${at.column} ${message}`);
  }
}

describe('the program of a candidate', () => {
  it('takes parameters by placeholder, or none', () => {
    expect(faults('trainer: command', 'run: python train.py --c {C}', 'grid: { C: [0.1, 1] }')).toEqual([]);
    expect(faults('trainer: command', 'run: python train.py', 'params: { C: 1, deep: [1, 2] }')).toEqual([]);
  });

  it('names placeholders and parameters that have no other half', () => {
    expect(
      faults('trainer: command', 'run: train {C} {depht}', 'params: { C: 1, depth: 2 }', 'grid: { n: [1] }'),
    ).toEqual([
      '7:5 {depht} stands for no parameter',
      '8:21 the parameter depth is not used in `run`',
      '9:13 the parameter n is not used in `run`',
    ]);
    expect(faults('trainer: command', 'run: train', 'predict: score {C}')).toEqual([
      '8:5 {C} stands for nothing: scoring has no parameters',
    ]);
  });

  it('belongs to the trainer `command` alone, and that one needs it', () => {
    expect(faults('trainer: dummy', 'run: train', 'env: [TOKEN]')).toEqual([
      '7:5 "run" has no meaning for the trainer dummy',
      '8:5 "env" has no meaning for the trainer dummy',
    ]);
    expect(faults('trainer: command')).toEqual(['5:3 "mine" says not what to run']);
  });

  it('refuses a shell, and the variables of the runner', () => {
    expect(faults('trainer: command', 'run: train > log')[0]).toMatch(/^7:5 .*no shell reads it/);
    expect(faults('trainer: command', 'run: train', 'env: [GITHUB_TOKEN]')[0]).toMatch(
      /^8:11 .*not one of the runner/,
    );
  });

  it('puts values in after splitting, so that none becomes a second word', () => {
    expect(
      filledWords('train --name {name} --n={n} {list}', { name: 'a b; rm', n: 0.5, list: [1, 'x'] }),
    ).toEqual([...['train', '--name', 'a b; rm', '--n=0.5', '[1,"x"]']]);
  });
});
