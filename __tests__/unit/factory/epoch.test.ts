import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { identitiesOf } from '../../../src/data/identity.ts';
import { readRawCsv } from '../../../src/data/read-csv.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { continueEpoch, splitRule } from '../../../src/factory/epoch.ts';

const configOf = (more = '', key = '') =>
  loadConfig(
    `version: 1\nmodel: churn\ndata: { source: a.csv, target: y${key} }\n${more}`,
    'model-factory.yml',
    catalogue,
  ).config;

const table = (rows: number, header = 'a,b,y') =>
  readRawCsv(
    [Buffer.from(`${header}\n${Array.from({ length: rows }, (_, i) => `${i},x${i},${i % 2}`).join('\n')}\n`)],
    { file: 'a.csv' },
  );
const all = (rows: number) => Int32Array.from({ length: rows }, (_, row) => row);

describe('continueEpoch', () => {
  const config = configOf();

  it('begins with all columns but the target, and goes on when columns and rows are added', async () => {
    const first = continueEpoch({ config, raw: await table(100), rows: all(100), given: null, known: null });
    expect(first).toMatchObject({ epoch: { number: 1, splitColumns: ['a', 'b'] }, notice: null });
    const identities = identitiesOf(await table(100), all(100), ['a', 'b'], first.epoch.salt);
    const next = continueEpoch({
      ...{ config, raw: await table(120), rows: all(120), given: null, known: first.epoch },
      knownRows: { development: identities, holdout: new Uint8Array(0) },
    });
    expect(next).toEqual({ epoch: first.epoch, notice: null });
  });

  it('ends when more than 1% of the known rows are gone, not at 1%', async () => {
    const { epoch } = continueEpoch({
      config,
      raw: await table(200),
      rows: all(200),
      given: null,
      known: null,
    });
    const identities = identitiesOf(await table(200), all(200), ['a', 'b'], epoch.salt);
    const knownRows = { development: identities.subarray(0, 1600), holdout: identities.subarray(1600) };
    const after = async (rows: number) =>
      continueEpoch({
        config,
        raw: await table(rows),
        rows: all(rows),
        given: null,
        known: epoch,
        knownRows,
      });
    expect((await after(198)).notice).toBeNull();
    const ended = await after(197);
    expect(ended.epoch.number).toBe(2);
    expect(ended.epoch.salt).not.toBe(epoch.salt);
    expect(ended.notice).toMatchObject({ code: 'NEW_EPOCH', fix: expect.stringContaining('data.key') });
    expect(ended.notice!.message).toContain('1.5% of the rows');
  });

  it.each([
    ['a lost column', config, 'c,b,y', 'a column that is gone: a'],
    ['another rule', configOf('holdout: { fraction: 0.3 }'), 'a,b,y', 'the rule of the split changed'],
    ['a key', configOf('', ', key: a'), 'a,b,y', 'the rule of the split changed'],
  ])('ends at %s', async (_, changed, header, reason) => {
    const { epoch } = continueEpoch({
      config,
      raw: await table(50),
      rows: all(50),
      given: null,
      known: null,
    });
    const { epoch: next, notice } = continueEpoch({
      ...{ config: changed, raw: await table(50, header), rows: all(50), given: null, known: epoch },
    });
    expect(next.number).toBe(2);
    expect(notice!.message).toContain(reason);
  });

  it('asks for no key where there is one', async () => {
    const keyed = configOf('', ', key: a');
    const { epoch } = continueEpoch({
      config,
      raw: await table(50),
      rows: all(50),
      given: null,
      known: null,
    });
    const next = continueEpoch({
      config: keyed,
      raw: await table(50),
      rows: all(50),
      given: null,
      known: epoch,
    });
    expect(next).toMatchObject({ epoch: { splitColumns: ['a'] }, notice: { fix: null } });
  });
});

describe('the rule of a split', () => {
  it.each([
    ['', '{"group":null,"holdout":{"fraction":0.2},"key":null,"time":null}'],
    ['holdout: { fraction: 0.3 }', '{"group":null,"holdout":{"fraction":0.3},"key":null,"time":null}'],
    ['holdout: none', '{"group":null,"holdout":"none","key":null,"time":null}'],
    [
      'holdout: { fraction: 0.2, rebase: { reason: mended, to: "3f9a2c81b04d" } }',
      '{"group":null,"holdout":{"fraction":0.2},"key":null,"time":null}',
    ],
    ['holdout: { source: a/test.csv }', '{"group":null,"holdout":"source","key":null,"time":null}'],
  ])('%s keeps the bytes that histories hold', (more, rule) => {
    expect(splitRule(configOf(more))).toBe(rule);
  });
});

describe('a given test set', () => {
  const config = configOf('holdout: { source: test.csv }');
  const last = (rows: number) => all(100).subarray(100 - rows);
  const continued = async (known: number, given: number) => {
    const raw = await table(100);
    const first = continueEpoch({ config, raw, rows: all(100), given: last(20), known: null });
    const { salt, splitColumns } = first.epoch;
    const holdout = identitiesOf(await table(known), all(known).subarray(known - 20), splitColumns, salt);
    const knownRows = { development: identitiesOf(await table(500), all(500), ['a', 'b'], salt), holdout };
    return continueEpoch({
      ...{ config, raw, rows: all(100), given: last(given), known: first.epoch, knownRows },
    });
  };

  it('is not drawn anew by development rows that went, nor by a few of its own', async () => {
    expect((await continued(100, 20)).notice).toBeNull();
    expect((await continued(110, 20)).notice).toBeNull();
  });

  it('begins an epoch when it is another file', async () => {
    const { epoch, notice } = await continued(200, 20);
    expect(epoch.number).toBe(2);
    expect(notice!.message).toContain('none of the rows that the champion was tested on');
  });
});
