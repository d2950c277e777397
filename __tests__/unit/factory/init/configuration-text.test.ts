import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadConfig } from '../../../../src/config/load.ts';
import { catalogue } from '../../../../src/factory/catalogue.ts';
import { configurationText } from '../../../../src/factory/init/configuration-text.ts';

const base = {
  model: 'churn',
  source: 'data/customers.csv',
  format: {},
  target: { name: 'churned', why: 'binary: churned has 2 classes' },
  positive: null,
  ...{ key: null, time: null, group: null },
  drop: [],
  suggestions: [],
  schema: null,
};
const load = (text: string) => loadConfig(text, 'model-factory.yml', catalogue).config.data;

describe('configurationText', () => {
  it('says each choice with its reason', () => {
    expect(
      configurationText({
        ...base,
        format: { encoding: 'windows-1252', decimal: ',' },
        positive: 'yes',
        key: { name: 'id', why: 'different in each row' },
        drop: [{ name: 'note', why: '9 of 9 values are different.' }],
        suggestions: [{ setting: 'time', value: 'day', why: 'a date' }],
        schema: 'node_modules/schema.json',
      }),
    ).toBe(`# yaml-language-server: $schema=node_modules/schema.json
version: 1
model: churn
data:
  source: data/customers.csv
  encoding: windows-1252 # the file is not UTF-8
  decimal: ',' # numbers are written 1,5
  target: churned # binary: churned has 2 classes
  positive: 'yes' # the class that counts as "yes"
  key: id # different in each row
  drop:
    - note # 9 of 9 values are different
  # time: day # a date
`);
  });

  it('reads back as it was chosen, whatever the columns and classes are called', () => {
    const anyText = fc.string({ minLength: 1, maxLength: 40, unit: 'binary' });
    const text = fc.oneof(
      anyText,
      fc.constantFrom('yes', '#', ': ', '- a', "it's", '"', '\n', '1', 'null', '~'),
    );
    fc.assert(
      fc.property(text, text, text, text, (target, positive, key, dropped) => {
        const written = configurationText({
          ...base,
          target: { name: target, why: positive },
          positive,
          key: { name: key, why: dropped },
          drop: [{ name: dropped, why: target }],
          suggestions: [{ setting: 'time', value: key, why: dropped }],
        });
        expect(load(written)).toMatchObject({ target, positive, key, drop: [dropped] });
      }),
      { numRuns: 200 },
    );
  });
});
