import { describe, expect, it } from '@jest/globals';
import { expandCandidates } from '../../../src/config/candidates.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { UserError } from '../../../src/errors/user-error.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';

const head = ['version: 1', 'model: churn', 'data: { source: d.csv, target: y }', 'candidates:'];
const others = [
  '  logistic: { trainer: logistic-regression }',
  '  boosting: { trainer: gradient-boosting, grid: { max_leaf_nodes: [15, 31] } }',
  '  program: { trainer: command, run: python train.py }',
];

function load(...candidates: readonly string[]) {
  return loadConfig(
    [...head, ...others, ...candidates.map((own) => `  ${own}`)].join('\n'),
    'f.yml',
    catalogue,
  ).config;
}

/** Faults as `message -> fix`; candidates begin in line 8. */
function faults(...candidates: readonly string[]): string[] {
  try {
    load(...candidates);
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error, ...error.more].map(
      ({ at, message, fix }) => `${at.line}:${at.column} ${message} -> ${fix}`,
    );
  }
}

describe('candidates over other candidates', () => {
  it('take the recipes of their members, a grid by its name or one of its combinations', () => {
    const { candidates = {} } = load(
      'both: { trainer: ensemble, of: [boosting-2, logistic], params: { method: stacking } }',
      'all: { trainer: ensemble, of: [boosting, logistic], grid: { method: [average, stacking] } }',
      'honest: { trainer: calibrated, of: logistic }',
    );
    const recipes = expandCandidates(candidates, 7).filter(({ members }) => members);
    expect(recipes.map(({ name, members }) => [name, members!.map((own) => own.name)])).toEqual([
      ['both', ['boosting-2', 'logistic']],
      ['all-1', ['boosting-1', 'boosting-2', 'logistic']],
      ['all-2', ['boosting-1', 'boosting-2', 'logistic']],
      ['honest', ['logistic']],
    ]);
    expect(recipes[0]!.members).toEqual([
      { name: 'boosting-2', trainer: 'gradient-boosting', params: { max_leaf_nodes: 31 } },
      { name: 'logistic', trainer: 'logistic-regression', params: {} },
    ]);
  });

  it('may stand before their members', () => {
    const text = [...head, '  both: { trainer: ensemble, of: [logistic, boosting] }', ...others].join('\n');
    expect(loadConfig(text, 'f.yml', catalogue).config.candidates).toHaveProperty('both');
  });

  it.each([
    [
      'both: { trainer: ensemble }',
      '8:3 "both" says not what it is built on -> Add it: of: [logistic, boosting].',
    ],
    [
      'both: { trainer: ensemble, of: [logistic, bosting-1] }',
      '8:45 there is no candidate "bosting-1" to build on -> Did you mean "boosting-1"?',
    ],
    [
      'both: { trainer: ensemble, of: [logistic, program] }',
      '8:45 "program" is a program (trainer: command), which nothing can be built on -> ' +
        'Name a candidate with a built-in trainer. Candidates to build on: logistic, boosting-1, boosting-2.',
    ],
    [
      'both: { trainer: ensemble, of: [logistic, both] }',
      '8:45 "both" can not be built on itself -> Candidates to build on: logistic, boosting-1, boosting-2.',
    ],
    [
      'both: { trainer: ensemble, of: logistic }',
      '8:30 "both" needs two candidates at least -> Name another one, or remove it.',
    ],
    [
      'both: { trainer: ensemble, of: [boosting, boosting-1] }',
      '8:30 "both" names "boosting-1" twice -> Name each once; `weights` say what it counts for.',
    ],
    [
      'both: { trainer: ensemble, of: [logistic, boosting], params: { weights: [1, 2] } }',
      '8:66 "both" has 2 weights for 3 members -> Give one for each of logistic, boosting-1, boosting-2.',
    ],
    [
      'both: { trainer: ensemble, of: [boosting], params: { method: stacking, weights: [1, 2] } }',
      '8:74 "candidates.both.params.weights" has no meaning for stacking, which learns its own -> ' +
        'Remove it, or write method: average.',
    ],
    [
      'honest: { trainer: calibrated, of: boosting }',
      '8:34 "honest" is built on one candidate, not on 2 -> Name one of boosting-1, boosting-2.',
    ],
    [
      'honest: { trainer: dummy, of: boosting }',
      '8:29 "of" has no meaning for the trainer dummy -> Remove it, or write trainer: ensemble or trainer: calibrated.',
    ],
  ])('says what is wrong: %s', (candidate, expected) => {
    expect(faults(candidate)).toContain(expected);
  });

  it('do not build on each other', () => {
    expect(
      faults('both: { trainer: ensemble, of: [boosting] }', 'honest: { trainer: calibrated, of: both }'),
    ).toEqual([
      '9:34 "both" is itself built on other candidates (trainer: ensemble) -> ' +
        'Name candidates that stand alone. Candidates to build on: logistic, boosting-1, boosting-2.',
    ]);
  });
});
