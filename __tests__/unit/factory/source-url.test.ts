import { createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sourceName } from '../../../src/config/data-source.ts';
import { sha256 } from '../../../src/contracts/digest.ts';
import { fetchByUrl } from '../../../src/factory/source/url.ts';
import { download, isPublic, type Fetch } from '../../../src/platform/download.ts';
import { faultOf } from '../data/csv.ts';

const content = 'n,y\n1,yes\n2,no\n';

describe('data.source with a url', () => {
  let folder = '';
  let server: Server;
  let asked: { path: string; headers: IncomingMessage['headers'] }[] = [];
  let answer: RequestListener = () => undefined;
  /** Every host is the local server. */
  const fetch: Fetch = (url, signal) =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      get({ host: '127.0.0.1', port, path: `${url.pathname}${url.search}`, signal }, resolve).on(
        'error',
        reject,
      );
    });
  const source = (digest: string, name = 'data.csv') => ({
    url: `https://data.test/${name}`,
    sha256: digest,
  });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'model-factory-url-'));
    process.env['RUNNER_TEMP'] = folder;
    asked = [];
    server = createServer((request, response) => {
      asked.push({ path: request.url ?? '', headers: request.headers });
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    answer = (_, response) => response.end(content);
  });
  afterEach(() => {
    Reflect.deleteProperty(process.env, 'RUNNER_TEMP');
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  const cache = (): string[] => readdirSync(join(folder, 'model-factory/data'));

  it('downloads once, checks the digest, and keeps the file under it', async () => {
    const first = await fetchByUrl(source(sha256(content)), fetch);
    expect(readFileSync(first.path, 'utf8')).toBe(content);
    expect(await fetchByUrl(source(sha256(content)), fetch)).toEqual(first);
    expect(asked.map(({ path }) => path)).toEqual(['/data.csv']);
    expect(asked[0]?.headers['authorization']).toBeUndefined();
    // A damaged cache is no trap.
    writeFileSync(first.path, 'n,y\n');
    expect(readFileSync((await fetchByUrl(source(sha256(content)), fetch)).path, 'utf8')).toBe(content);
    expect(cache()).toEqual([sha256(content)]);
  });

  it('keeps nothing that has another digest', async () => {
    const fault = await faultOf(fetchByUrl(source(sha256('else')), fetch));
    expect(fault).toMatchObject({ code: 'DATA_URL_DIGEST', at: { file: 'https://data.test/data.csv' } });
    expect(fault.message).toContain(sha256(content));
    expect(cache()).toEqual([]);
  });

  it('takes what is there where the digest is recorded, once in a process', async () => {
    const own = source('recorded', 'daily.csv?key=secret');
    const first = await fetchByUrl(own, fetch);
    answer = (_, response) => response.end('n,y\n3,no\n');
    expect(await fetchByUrl(own, fetch)).toEqual(first);
    expect(readFileSync(first.path, 'utf8')).toBe(content);
    expect(sourceName(own)).toBe('https://data.test/daily.csv');
  });

  it('follows three redirects, and none to another scheme or with a password', async () => {
    const steps = ['/data.csv', '/b', 'https://other.test/c', '/d', '/e'];
    const redirect =
      (last: number): RequestListener =>
      ({ url = '' }, response) => {
        const step = ['/data.csv', '/b', '/c', '/d', '/e'].indexOf(url);
        if (step >= last) response.end(content);
        else response.writeHead(302, { location: steps[step + 1] }).end();
      };
    answer = redirect(3);
    expect((await fetchByUrl(source(sha256(content)), fetch)).path).toContain(sha256(content));
    rmSync(join(folder, 'model-factory'), { recursive: true });
    answer = redirect(4);
    expect((await faultOf(fetchByUrl(source(sha256(content)), fetch))).message).toContain(
      'more than 3 times',
    );
    for (const location of ['http://data.test/x', 'file:///etc/passwd', 'https://me:word@data.test/x']) {
      answer = (_, response) => response.writeHead(301, { location }).end();
      expect(await faultOf(fetchByUrl(source(sha256(content)), fetch))).toMatchObject({
        code: 'DATA_URL_FAILED',
        message: expect.stringContaining('it redirects to') as unknown,
      });
    }
  });

  it('says what the server answers, and keeps no part of a file', async () => {
    answer = (_, response) => response.writeHead(403).end();
    expect((await faultOf(fetchByUrl(source('recorded', 'no.csv'), fetch))).message).toContain('answers 403');
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write(content, () => response.destroy());
    };
    expect(await faultOf(fetchByUrl(source(sha256(content)), fetch))).toMatchObject({
      code: 'DATA_URL_FAILED',
    });
    expect(cache()).toEqual([]);
  });

  it('ends at the limits of size and time', async () => {
    const request = { url: 'https://data.test/x', folder, expected: null, fetch };
    expect(await download({ ...request, largestBytes: 5, timeLimitMs: 60_000 })).toMatchObject({
      kind: 'failed',
    });
    answer = (_, response) => void response.write('n,y\n');
    expect(await download({ ...request, largestBytes: 500, timeLimitMs: 150 })).toEqual({
      kind: 'failed',
      why: 'it took longer than 0.0025 minutes',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['127.0.0.1', '[::1]', '2130706433', '169.254.169.254', '[::ffff:10.0.0.1]', 'localhost'])(
    'asks nothing at https://%s/, an address of a private network',
    async (host) => {
      const url = `https://${host}/`;
      const outcome = await download({ url, folder, expected: null, largestBytes: 5, timeLimitMs: 60_000 });
      expect(outcome).toEqual({ kind: 'failed', why: expect.stringContaining('private network') as unknown });
    },
  );

  it('tells public addresses from others', () => {
    const closed = [
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '172.31.0.1',
      '192.168.1.1',
      '224.0.0.1',
      '255.255.255.255',
    ];
    const closed6 = ['::', '::1', 'fe80::1', 'fd00::1', '::ffff:8.8.8.8', '2002:a00:1::', '64:ff9b::a00:1'];
    expect([...closed, ...closed6].filter(isPublic)).toEqual([]);
    const open = ['8.8.8.8', '172.32.0.1', '185.199.108.153', '2606:50c0:8000::153'];
    expect(open.filter(isPublic)).toEqual(open);
  });
});
