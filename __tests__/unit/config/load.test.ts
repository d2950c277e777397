import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { featureRecipes } from '../../../src/config/features.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Catalogue } from '../../../src/config/schema.ts';
import { formatPlace, UserError } from '../../../src/errors/user-error.ts';

const catalogue: Catalogue = {
  trainers: new Map([
    ['dummy', z.strictObject({})],
    [
      'logistic-regression',
      z.strictObject({ C: z.number().positive().optional(), max_iter: z.int().optional() }),
    ],
  ]),
  metrics: ['log_loss', 'accuracy', 'roc_auc'],
  scores: new Set(['accuracy', 'roc_auc']),
  unweighted: new Set(['dummy']),
  updating: new Set(),
};

const load = (text: string) => loadConfig(text, 'model-factory.yml', catalogue);

const least = 'version: 1\nmodel: churn\ndata:\n  source: a.csv\n  target: y\n';

/** Code, place and fix of every fault, in the order reported. */
function faults(text: string): string[][] {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error, ...error.more].map(({ code, at, fix, message }) => [code, formatPlace(at), message, fix]);
  }
  return [];
}

describe('loadConfig', () => {
  it('passes over no candidate, feature or parameter for its name', () => {
    for (const lost of [
      'candidates: { __proto__: { trainer: dummy }, other: { trainer: dummy } }',
      'features: { __proto__: { log: x } }',
      'candidates: { other: { trainer: logistic-regression, params: { "__proto__": 3 } } }',
    ])
      expect(faults(`${least}${lost}`)).toEqual([
        [
          'CONFIG_INVALID',
          `model-factory.yml:6:${lost.replace('"', '').indexOf('__proto__') + 1}, "__proto__"`,
          'no key can be named __proto__',
          'Rename it.',
        ],
      ]);
  });

  it('takes a test set as a share or as a file, not both, and names what is wrong in it', () => {
    expect(load(`${least}holdout: { source: test.csv }`).config.holdout).toEqual({ source: 'test.csv' });
    expect(faults(`${least}holdout: { fraction: 0.3, source: test.csv }`)).toEqual([
      [
        ...['CONFIG_INVALID', 'model-factory.yml:6:27, "holdout.source"'],
        '"holdout.source" can not stand beside `fraction`: ' +
          'the test set is a file of its own or a share of data.source',
        'Remove one of the two.',
      ],
    ]);
    expect(faults(`${least}holdout: { fraction: 2 }`)).toEqual([
      [
        ...['CONFIG_INVALID', 'model-factory.yml:6:12, "holdout.fraction"'],
        ...['"holdout.fraction" is out of range: 2', 'Use less than 1. Write 0.02 if you mean 2%.'],
      ],
    ]);
    expect(faults(`${least}holdout: { sources: test.csv }`)).toEqual([
      [
        ...['CONFIG_INVALID', 'model-factory.yml:6:12, "holdout.sources"'],
        ...['unknown key "sources" in "holdout"', 'Did you mean "source"?'],
      ],
    ]);
  });

  it('reads features and names what is wrong in them', () => {
    const features = (text: string) =>
      faults(`${least}features:\n  one: ${text}\n`).map((own) => own.slice(1));
    const at = 'model-factory.yml:7:';
    const { config } = load(
      `${least}features:\n  ratio-1: { ratio: [a, b] }\n  bins-1: { bins: a, edges: [0.1, 2] }\n` +
        '  hour-1: { date-part: t, part: hour }\n  year-1: { date-part: t, part: year }\n  rate-1: { target-mean: c }\n',
    );
    expect(featureRecipes(config.features)).toEqual([
      { name: 'ratio-1', kind: 'ratio', sources: ['a', 'b'] },
      { name: 'bins-1', kind: 'bins', sources: ['a'], edges: [Math.fround(0.1), 2], as: 'category' },
      { name: 'hour-1', kind: 'date-part', sources: ['t'], part: 'hour', as: 'category' },
      { name: 'year-1', kind: 'date-part', sources: ['t'], part: 'year', as: 'number' },
      { name: 'rate-1', kind: 'target-mean', sources: ['c'], smoothing: 20 },
    ]);
    expect(featureRecipes(load(least).config.features)).toEqual([]);
    expect(features('{ loog: a }')).toEqual([
      [`${at}10, "features.one.loog"`, 'unknown key "loog" in "features.one"', 'Did you mean "log"?'],
    ]);
    expect(features('{ ratio: a }')).toEqual([
      [
        `${at}10, "features.one.ratio"`,
        '"features.one.ratio" must be a list, not "a"',
        'Put it between brackets: [a].',
      ],
    ]);
    const messages = (text: string) => features(text).map(([, message]) => message);
    expect(messages('{}')).toEqual(['"features.one" does not say how it is computed']);
    expect(messages('{ log: a, bins: b }')).toEqual(['"features.one" is log and bins at once']);
    expect(messages('{ log: a, as: number }')).toEqual([
      '"features.one" has as, which means nothing for log',
    ]);
    expect(messages('{ bins: a }')).toEqual(['"features.one" does not say where its bins begin']);
    expect(messages('{ bins: a, edges: [1, 1.00000001] }')).toEqual([
      '"features.one" has the edges 1, 1.00000001, which do not ascend as 32-bit numbers',
    ]);
    expect(messages('{ date-part: a }')).toEqual(['"features.one" does not say which part of the date']);
    expect(messages('{ date-part: a, part: year, as: category }')).toHaveLength(1);
  });

  it('refuses bounds that no model can keep', () => {
    const bounds = (text: string) => faults(`${least}gate: { block: { ${text} } }\n`);
    expect(bounds('floor: { accuracy: 1, log_loss: 3 }, ceiling: { log_loss: 0, accuracy: -1 }')).toEqual([]);
    expect(bounds('floor: { accuracy: 85 }, ceiling: { log_loss: -0.1 }')).toEqual([
      [
        ...['CONFIG_INVALID', 'model-factory.yml:6:27, "gate.block.floor.accuracy"'],
        'no model reaches a floor of 85: accuracy is 1 at most',
        'Write 0.85 if you mean 85%.',
      ],
      [
        ...['CONFIG_INVALID', 'model-factory.yml:6:54, "gate.block.ceiling.log_loss"'],
        ...['no model stays below a ceiling of -0.1: log_loss is 0 at least', 'Raise the ceiling.'],
      ],
    ]);
  });

  it('refuses a weight that is the target, and trainers that can not weigh rows', () => {
    expect(load(`${least}  weight: w\n`).config.data.weight).toBe('w');
    expect(faults(`${least}  weight: y\n`)).toEqual([
      [
        ...['CONFIG_INVALID', 'model-factory.yml:6:3, "data.weight"'],
        ...['"y" can not be target and weight', 'Name another column, or remove data.weight.'],
      ],
    ]);
    const candidates = 'candidates:\n  floor: { trainer: dummy }\n  line: { trainer: logistic-regression }\n';
    expect(faults(`${least}${candidates}`)).toEqual([]);
    expect(faults(`${least}  weight: w\n${candidates}`)).toEqual([
      [
        ...['CONFIG_INVALID', 'model-factory.yml:8:12, "candidates.floor.trainer"'],
        'dummy can not let rows count differently, as data.weight asks for',
        'Remove the candidate "floor", or remove data.weight.',
      ],
    ]);
  });

  it('accepts the four lines that are enough and fills in static defaults', () => {
    const { config } = load(least);
    expect(config.validation).toEqual({ folds: 5, repeats: 1, seed: 7 });
    expect(config.holdout).toEqual({ fraction: 0.2 });
    expect(config.gate.promote).toEqual({ 'min-gain': 0, confidence: 0.95 });
    expect(config.candidates).toBeUndefined();
  });

  it('reads a boolean or number given as positive class as text', () => {
    expect(load(`${least}  positive: true\n`).config.data.positive).toBe('true');
    expect(load(`${least}  positive: 1\n`).config.data.positive).toBe('1');
  });

  it('says where a value stands', () => {
    const loaded = load(`${least}gate:\n  block:\n    max-drop: 3%\n`);
    expect(loaded.placeOf(['gate', 'block', 'max-drop'])).toMatchObject({ line: 8, column: 5 });
  });

  it.each([
    [
      'an unknown key',
      `${least}  tpyes: {}\n`,
      'model-factory.yml:6:3, "data.tpyes"',
      'Did you mean "types"?',
    ],
    [
      'a missing key',
      'version: 1\nmodel: churn\ndata:\n  source: a.csv\n',
      'model-factory.yml:3:1, "data.target"',
      'Add it: target: churned, the column to predict, below data.',
    ],
    [
      'an unknown metric',
      `${least}gate: { metric: auc }\n`,
      'model-factory.yml:6:9, "gate.metric"',
      'Did you mean "roc_auc"? Valid: log_loss, accuracy, roc_auc.',
    ],
    [
      'an unknown metric as key',
      `${least}gate: { block: { floor: { auc: 1 } } }\n`,
      'model-factory.yml:6:27, "gate.block.floor.auc"',
      'Did you mean "roc_auc"?',
    ],
    [
      'a bad margin',
      `${least}gate: { block: { max-drop: two } }\n`,
      'model-factory.yml:6:18, "gate.block.max-drop"',
      'Change the value to fit.',
    ],
    [
      'an unknown trainer',
      `${least}candidates: { lo: { trainer: logistic-regresion } }\n`,
      'model-factory.yml:6:21, "candidates.lo.trainer"',
      'Did you mean "logistic-regression"? Valid: dummy, logistic-regression.',
    ],
    [
      'an unknown parameter',
      `${least}candidates: { lo: { trainer: logistic-regression, params: { c: 1 } } }\n`,
      'model-factory.yml:6:61, "candidates.lo.params.c"',
      'Did you mean "C"?',
    ],
    [
      'a grid value out of range',
      `${least}candidates: { lo: { trainer: logistic-regression, grid: { C: [1, -1] } } }\n`,
      'model-factory.yml:6:66, "candidates.lo.grid.C.1"',
      'Use more than 0.',
    ],
    [
      'a name with capitals',
      'version: 1\nmodel: Churn\ndata: { source: a, target: y }\n',
      'model-factory.yml:2:1, "model"',
      'Rename it, for example churn.',
    ],
    ['another version', `version: 2${least.slice(10)}`, 'model-factory.yml:1:1, "version"', 'Valid: 1.'],
    [
      'a fraction out of range',
      `${least}holdout: { fraction: 2 }\n`,
      'model-factory.yml:6:12, "holdout.fraction"',
      'Use less than 1. Write 0.02 if you mean 2%.',
    ],
  ])('reports %s with its place and the fix', (_, text, place, fix) => {
    const [first] = faults(text);
    expect([first![0], first![1], first![3]]).toEqual(['CONFIG_INVALID', place, fix]);
  });

  it('reports all mistakes at once', () => {
    expect(faults('version: 2\nmodel: churn\ndat: {}\n').map(([, , message]) => message)).toEqual([
      '"version" can not be 2',
      '"data" is missing',
      'unknown key "dat" at the top level',
    ]);
  });

  it.each([
    ['an alias', 'a: &x 1\nb: *x\n', 'aliases and anchors are not read'],
    ['an alias bomb', 'a: &a [1,1]\nb: &b [*a,*a]\nc: [*b,*b]\n', 'aliases and anchors are not read'],
    ['broken YAML', 'a: [1\nb: 2\n', 'a [ is opened before this place and never closed'],
    ['a key written twice', 'a: 1\na: 2\n', 'the key stands twice in one block'],
    ['an empty file', '', 'the file holds no settings'],
    ['a huge file', `# ${'x'.repeat(70_000)}\n`, 'the file has 70003 characters, at most 65536 are read'],
  ])('refuses %s as syntax', (_, text, message) => {
    expect(faults(text)[0]!.slice(0, 3)).toEqual([
      'CONFIG_SYNTAX',
      expect.stringContaining('model-factory.yml'),
      message,
    ]);
  });

  it('does not touch prototypes', () => {
    expect(faults(`${least}__proto__: { polluted: true }\n`)[0]![0]).toBe('CONFIG_INVALID');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
