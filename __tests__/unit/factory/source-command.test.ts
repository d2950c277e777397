import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../../src/config/load.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { readSource, type Source } from '../../../src/factory/source.ts';
import { faultOf } from '../data/csv.ts';

/** Writes 40 rows, and what it sees of its environment; each run leaves a line. */
const fetch = `
import { appendFileSync, writeFileSync } from 'node:fs';
appendFileSync('runs.txt', 'run\\n');
const { SOURCE_KEY, SOURCE_OTHER, GITHUB_TOKEN } = process.env;
writeFileSync('seen.json', JSON.stringify({ SOURCE_KEY, SOURCE_OTHER, GITHUB_TOKEN, args: process.argv.slice(2) }));
if (process.argv[2] === 'fail') { console.log('connecting'); console.error('Error: 403 Forbidden'); process.exit(3); }
if (process.argv[2] === 'idle') process.exit(0);
if (process.argv[2] === 'hang') setInterval(() => undefined, 1000);
else writeFileSync('data.csv', 'n,y\\n' + Array.from({ length: 40 }, (_, i) => \`\${i % 9},\${i % 2 ? 'no' : 'yes'}\\n\`).join(''));
`;

describe('data.source with a command', () => {
  let folder = '';
  const read = (argument: string, more = ''): Promise<Source> => {
    const command = `node fetch.mjs ${argument}`;
    const source = `{ command: ${JSON.stringify(command)}, output: data.csv${more} }`;
    const text = `version: 1\nmodel: model\ndata: { source: ${source}, target: y }\n`;
    return readSource(loadConfig(text, 'model-factory.yml', catalogue).config, folder);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'model-factory-fetch-'));
    writeFileSync(join(folder, 'fetch.mjs'), fetch);
    Object.assign(process.env, { SOURCE_KEY: 'k', SOURCE_OTHER: 'o', GITHUB_TOKEN: 't' });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    for (const name of ['SOURCE_KEY', 'SOURCE_OTHER', 'GITHUB_TOKEN'])
      Reflect.deleteProperty(process.env, name);
  });

  it('runs once before reading, with the variables that it may see and no token', async () => {
    const [first, second] = await Promise.all([
      read('"two words"', ', env: [SOURCE_KEY]'),
      read('"two words"', ', env: [SOURCE_KEY]'),
    ]);
    expect(first.rows.file).toBe(40);
    expect(second.files).toEqual(first.files);
    expect(first.files).toMatchObject([{ path: 'data.csv' }]);
    expect(readFileSync(join(folder, 'runs.txt'), 'utf8')).toBe('run\n');
    expect(JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'))).toEqual({
      SOURCE_KEY: 'k',
      args: ['two words'],
    });
  });

  it('says which variable is missing before it runs anything', async () => {
    const fault = await faultOf(read('x', ', env: [SOURCE_KEY, SOURCE_SECRET]'));
    expect(fault).toMatchObject({ code: 'DATA_NEEDS_SECRET', at: { file: 'data.csv' } });
    expect(fault.message).toContain('SOURCE_SECRET');
    expect(fault.fix).toContain('secrets.SOURCE_SECRET');
    expect(existsSync(join(folder, 'runs.txt'))).toBe(false);
  });

  it('tells how it ended and what it said', async () => {
    const fault = await faultOf(read('fail'));
    expect(fault).toMatchObject({ code: 'DATA_COMMAND', at: { file: 'data.csv', name: 'data.source' } });
    expect(fault.message).toBe('`node fetch.mjs fail` ended with exit code 3, saying: Error: 403 Forbidden');
    expect(fault.fix).toContain('connecting');
  });

  it('ends it at the time limit', async () => {
    const fault = await faultOf(read('hang', ', timeout-minutes: 0.01'));
    expect(fault).toMatchObject({ code: 'DATA_COMMAND' });
    expect(fault.message).toContain('took longer than 0.01 minutes');
  });

  it('says when it leaves no file', async () => {
    const fault = await faultOf(read('idle'));
    expect(fault).toMatchObject({ code: 'DATA_COMMAND', at: { file: 'data.csv' } });
    expect(fault.message).toBe('`node fetch.mjs idle` ended well but left no file data.csv');
  });

  it.each([
    ['node fetch.mjs | tee log', 'no shell reads it'],
    ['', 'must begin with a program'],
  ])('refuses %j in the configuration', async (command, why) => {
    const source = `{ command: ${JSON.stringify(command)}, output: data.csv }`;
    const text = `version: 1\nmodel: model\ndata: { source: ${source}, target: y }\n`;
    const fault = await faultOf(
      Promise.resolve().then(() => loadConfig(text, 'model-factory.yml', catalogue)),
    );
    expect(fault).toMatchObject({ code: 'CONFIG_INVALID', at: { line: 3 } });
    expect(fault.message).toContain(why);
  });
});
