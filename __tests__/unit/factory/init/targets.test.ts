import { describe, expect, it } from '@jest/globals';
import { readCsv } from '../../../../src/data/read-csv.ts';
import { isIdName, modelNameOf } from '../../../../src/factory/init/names.ts';
import { dropUnusable, findRoles, likelyPositive } from '../../../../src/factory/init/roles.ts';
import { targetCandidates } from '../../../../src/factory/init/targets.ts';
import { read } from '../../structure/sources.ts';

/** A table of 300 rows from functions of the row's number. */
const table = (columns: Record<string, (row: number) => string | number>) => {
  const rows = Array.from({ length: 300 }, (_, row) => Object.values(columns).map((cell) => cell(row)));
  const csv = [Object.keys(columns), ...rows].map((cells) => cells.join(',')).join('\n');
  return readCsv([Buffer.from(`${csv}\n`)], { file: 'a.csv' });
};

describe('targetCandidates', () => {
  it.each([
    ['adult-3000.csv', 'income'],
    ['penguins.csv', 'species'],
  ])('%s: %s first', async (file, target) => {
    const fixture = await readCsv([Buffer.from(read(`__tests__/fixtures/data/${file}`))], { file });
    expect(targetCandidates(fixture.table)[0]).toMatchObject({ name: target });
  });

  it('leaves out what names rows, dates and constants, and says why the rest is likely', async () => {
    const found = await table({
      id: (i) => i + 1,
      day: (i) => `2024-01-${String((i % 28) + 1).padStart(2, '0')}`,
      age: (i) => i % 50,
      is_fraud: (i) => i % 2,
      fixed: () => 'x',
      city: (i) => 'abc'[i % 3]!,
    });
    expect(targetCandidates(found.table).map(({ name, why }) => [name, why])).toEqual([
      ['is_fraud', 'named like a target, 2 classes'],
      ['city', 'the last column, 3 classes'],
      ['age', 'a number'],
    ]);
  });
});

describe('findRoles', () => {
  it('finds a key, dates in order before others, and ids of groups', async () => {
    const day = (i: number): string => new Date(i * 864e5).toISOString().slice(0, 10);
    const found = await table({
      born: (i) => day((i * 7) % 300),
      seen: day,
      orderId: (i) => `o${(i * 7) % 300}`,
      customer_id: (i) => `c${i % 120}`,
      y: (i) => i % 2,
    });
    const { keys, times, groups } = findRoles(found, 'y');
    expect(keys.map(({ name }) => name)).toEqual(['orderId']);
    expect(times.map(({ name, ordered }) => [name, ordered])).toEqual([
      ['seen', true],
      ['born', false],
    ]);
    expect(groups).toMatchObject([{ name: 'customer_id' }]);
  });

  it('offers no date with gaps and no key that repeats', async () => {
    const found = await table({
      seen: (i) => (i === 5 ? '' : `2024-01-${String((i % 28) + 1).padStart(2, '0')}`),
      id: (i) => Math.min(i, 298),
      y: (i) => i % 2,
    });
    expect(findRoles(found, 'y')).toEqual({ keys: [], times: [], groups: [], weights: [] });
  });
});

describe('a column that looks like a weight', () => {
  it('is offered by its name, and not where it is the weight of a thing', async () => {
    const number = (i: number): number => 1 + (i % 7) / 2;
    const found = await table({
      sampling_weight: number,
      weight: number,
      car_weight: number,
      y: (i) => i % 2,
    });
    expect(findRoles(found, 'y').weights).toMatchObject([{ name: 'sampling_weight' }]);
  });
});

describe('dropUnusable', () => {
  it('drops what the check of the data refuses as a feature, and nothing else', async () => {
    const found = await table({ code: (i) => `k${(i * 7) % 300}`, age: (i) => i % 50, y: (i) => i % 2 });
    const { dropped, checked } = dropUnusable(found.table, { file: 'a.csv', target: 'y' });
    expect(dropped.map(({ name }) => name)).toEqual(['code']);
    expect(checked.features).toEqual(['age']);
    expect(() => dropUnusable(found.table, { file: 'a.csv', target: 'z' })).toThrow(/names the column "z"/);
    expect(() => dropUnusable(found.table, { file: 'a.csv', target: 'y', drop: ['age'] })).toThrow(
      /No column is left/,
    );
  });
});

describe('names', () => {
  it.each([
    ['customerId', true],
    ['ID', true],
    ['row_id', true],
    ['Kundennr', true],
    ['paid', false],
    ['id_type', false],
  ])('%s is the name of an id: %s', (name, expected) => expect(isIdName(name)).toBe(expected));

  it.each([
    ['My Data (v2)', 'my-data-v2'],
    ['Übung', 'ubung'],
    ['_x_', 'model'],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('%j makes the model %j', (text, name) => expect(modelNameOf(text)).toBe(name));

  it.each([
    [['no', 'yes'], 'yes'],
    [['ja', 'nein'], 'ja'],
    [['não', 'sim'], 'sim'],
    [['non', 'oui'], 'oui'],
    [['<=50K', '>50K'], '>50K'],
    [['churned', 'stayed'], 'churned'],
  ])('%j: positive is %j', (classes, positive) => expect(likelyPositive(classes)).toBe(positive));
});
