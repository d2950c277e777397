import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { sha256 } from '../../../src/contracts/digest.ts';
import { fingerprintTable } from '../../../src/data/fingerprint.ts';
import { hexesOf, identitiesOf } from '../../../src/data/identity.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { readSource, type Source } from '../../../src/factory/source.ts';
import { faultOf } from '../data/csv.ts';

const rowsOf = (from: number, to: number): string[][] =>
  Array.from({ length: to - from }, (_, i) => [
    String((from + i) % 17),
    `t${(from + i) % 3}`,
    (from + i) % 2 === 0 ? 'yes' : 'no',
  ]);
const csv = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
const header = ['n', 'text', 'y'];

describe('data.source with several files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-source-'));
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const read = (source: string, more = ''): Promise<Source> => {
    const text = `version: 1\nmodel: model\ndata: { source: ${source}, target: y${more} }\n`;
    return readSource(loadConfig(text, 'model-factory.yml', catalogue).config, folder);
  };
  const identities = ({ read: { raw, table } }: Source): string[] =>
    hexesOf(
      identitiesOf(
        raw,
        Int32Array.from({ length: table.rows }, (_, i) => i),
        ['n', 'text'],
        's',
      ),
    );

  beforeAll(() => {
    write('all.csv', csv(header, rowsOf(0, 90)));
    write('days/2024-01.csv', csv(header, rowsOf(0, 30)));
    // Another order of columns, another delimiter.
    const turned = rowsOf(30, 60).map((cells) => cells.toReversed());
    write('days/2024-02.csv', csv(header.toReversed(), turned).replaceAll(',', ';'));
    write('days/2024-10.csv', csv(header, rowsOf(60, 90)));
    write('days/2023-12.csv', csv(header, []));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('reads a glob as the one file that its rows make, and names each file with its digest', async () => {
    const one = await read('all.csv');
    const many = await read('days/*.csv');
    expect(fingerprintTable(many.read.table)).toBe(fingerprintTable(one.read.table));
    expect(identities(many)).toEqual(identities(one));
    expect(many.rows).toEqual({ file: 90, used: 90 });
    expect(many.files.map(({ path }) => path)).toEqual(
      ['2023-12', '2024-01', '2024-02', '2024-10'].map((name) => `days/${name}.csv`),
    );
    expect(many.files[1]).toEqual({
      path: 'days/2024-01.csv',
      sha256: sha256(csv(header, rowsOf(0, 30))),
      bytes: csv(header, rowsOf(0, 30)).length,
    });
  });

  it('takes a list in code-point order too, and each file once', async () => {
    const listed = await read('[days/2024-10.csv, "days/2024-0?.csv", days/2024-01.csv]');
    expect(identities(listed)).toEqual(identities(await read('all.csv')));
    expect(listed.files).toHaveLength(3);
  });

  it('takes a name that is there as it is, whatever signs are in it', async () => {
    write('odd[1].csv', csv(header, rowsOf(0, 40)));
    expect((await read('"odd[1].csv"')).files).toMatchObject([{ path: 'odd[1].csv' }]);
  });

  it('names the file and its own row in every message', async () => {
    write('bad/a.csv', csv(header, rowsOf(0, 30)));
    write('bad/b.csv', csv(header, [...rowsOf(0, 4), ['x', 't', 'no']]));
    const kind = await faultOf(read('bad/*.csv', ', types: { n: numeric }'));
    expect(kind).toMatchObject({ code: 'DATA_COLUMN', at: { file: 'bad/b.csv', row: 5, name: 'n' } });
    write('bad/b.csv', csv(header, [...rowsOf(0, 4), ['', 't', 'no']]));
    const key = await faultOf(read('bad/*.csv', ', key: n'));
    expect(key).toMatchObject({ code: 'DATA_COLUMN', at: { file: 'bad/b.csv', row: 5, name: 'n' } });
    write('bad/b.csv', csv(header, [...rowsOf(0, 4), ['1', 't']]));
    const ragged = await faultOf(read('bad/*.csv'));
    expect(ragged).toMatchObject({ code: 'DATA_SYNTAX', at: { file: 'bad/b.csv', line: 6, row: 5 } });
  });

  it('names the file and the column where the columns differ', async () => {
    write('mixed/a.csv', csv(header, rowsOf(0, 30)));
    write('mixed/b.csv', csv(['n', 'words', 'y'], rowsOf(0, 30)));
    const fault = await faultOf(read('mixed/*.csv'));
    expect(fault).toMatchObject({ code: 'DATA_COLUMN', at: { file: 'mixed/b.csv', line: 1, name: 'text' } });
    expect(fault.message).toContain('mixed/a.csv has');
    expect(fault.more).toMatchObject([{ at: { file: 'mixed/b.csv', name: 'words' } }]);
  });

  it('says when nothing matches, when a file is a link, and when no file has a row', async () => {
    expect(await faultOf(read('none/*.csv'))).toMatchObject({
      code: 'DATA_MISSING',
      at: { file: 'none/*.csv' },
    });
    write('links/a.csv', csv(header, []));
    expect(await faultOf(read('links/*.csv'))).toMatchObject({
      code: 'DATA_TOO_SMALL',
      at: { file: 'links/a.csv' },
    });
    symlinkSync(join(folder, 'all.csv'), join(folder, 'links/b.csv'));
    expect(await faultOf(read('links/*.csv'))).toMatchObject({
      code: 'DATA_MISSING',
      at: { file: 'links/b.csv' },
    });
  });

  it('names the file that is there where one is misspelt', async () => {
    write('near/customers.csv', csv(header, []));
    expect(await faultOf(read('near/custmers.csv'))).toMatchObject({
      code: 'DATA_MISSING',
      at: { file: 'near/custmers.csv' },
      fix: expect.stringMatching(/^Did you mean near\/customers.csv\? Check data.source: /),
    });
  });
});
