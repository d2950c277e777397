import { createHash, randomBytes } from 'node:crypto';
import { lookup as resolveName } from 'node:dns';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get, type RequestOptions } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { reasonOf } from './files.ts';

/** Asks an address for its content. A test puts its own server behind it. */
export type Fetch = (url: URL, signal: AbortSignal) => Promise<IncomingMessage>;

export interface DownloadRequest {
  readonly url: string;
  /** The file goes there under the name of its digest, as a whole or not at all. */
  readonly folder: string;
  /** SHA-256 that it must have; null = any. */
  readonly expected: string | null;
  readonly largestBytes: number;
  readonly timeLimitMs: number;
  readonly fetch?: Fetch | undefined;
}

export type Downloaded =
  | { readonly kind: 'downloaded'; readonly path: string }
  | { readonly kind: 'other-digest'; readonly sha256: string }
  | { readonly kind: 'failed'; readonly why: string };

const mostRedirects = 3;

/** Fetches a public file over https: no credentials, no way to private networks, at most three redirects. */
export async function download(request: DownloadRequest): Promise<Downloaded> {
  const { folder, expected, largestBytes, timeLimitMs, fetch = fetchPublic } = request;
  const draft = join(folder, `${randomBytes(8).toString('hex')}.tmp`);
  const limit = AbortSignal.timeout(timeLimitMs);
  try {
    const response = await follow(new URL(request.url), fetch, limit);
    const announced = Number(response.headers['content-length'] ?? 0);
    if (announced > largestBytes) throw new Refusal(tooLarge(largestBytes));
    await mkdir(folder, { recursive: true });
    const hash = createHash('sha256');
    let bytes = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > largestBytes) throw new Refusal(tooLarge(largestBytes));
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(response, counted, createWriteStream(draft, { flags: 'wx' }), { signal: limit });
    if (announced > 0 && announced !== bytes) throw new Refusal(`the connection ended after ${bytes} bytes`);
    const sha256 = hash.digest('hex');
    if (expected !== null && sha256 !== expected) return { kind: 'other-digest', sha256 };
    const path = join(folder, sha256);
    await rename(draft, path);
    return { kind: 'downloaded', path };
  } catch (error) {
    if (limit.aborted) return { kind: 'failed', why: `it took longer than ${timeLimitMs / 60_000} minutes` };
    if (error instanceof Refusal) return { kind: 'failed', why: error.message };
    return { kind: 'failed', why: reasonOf(error) ?? String(error) };
  } finally {
    await rm(draft, { force: true });
  }
}

class Refusal extends Error {}

function tooLarge(bytes: number): string {
  return `it is larger than ${Math.round(bytes / 1e9)} GB`;
}

async function follow(first: URL, fetch: Fetch, signal: AbortSignal): Promise<IncomingMessage> {
  let url = first;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    if (url.protocol !== 'https:') throw new Refusal(`it redirects to ${url.protocol}//, which is not https`);
    if (url.username || url.password) throw new Refusal('it redirects to an address with a password');
    const response = await fetch(url, signal);
    const { statusCode = 0, headers } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (statusCode < 301 || statusCode > 308 || headers.location === undefined)
      throw new Refusal(`the server answers ${statusCode}`);
    url = new URL(headers.location, url);
  }
  throw new Refusal(`it redirects more than ${mostRedirects} times`);
}

/** Asks over https without credentials or cookies, at an address that was checked when the name was resolved. */
function fetchPublic(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublic(host)) return Promise.reject(new Refusal(privateAddress(host)));
  const options: RequestOptions = { lookup: publicLookup, signal, headers: { accept: '*/*' }, agent: false };
  return new Promise((resolve, reject) => {
    get(url, options, resolve).on('error', reject);
  });
}

/** The connection goes to the very address that is checked here, so a name can't mean another one a moment later. */
const publicLookup: LookupFunction = (name, options, answer) => {
  resolveName(name, { ...options, all: true }, (error, addresses) => {
    const refused = addresses.find(({ address }) => !isPublic(address));
    const fault = error ?? (refused && new Refusal(privateAddress(name)));
    const [first] = addresses;
    if (fault || first === undefined) answer(fault ?? new Refusal(`${name} has no address`), '');
    else if (options.all) answer(null, addresses);
    else answer(null, first.address, first.family);
  });
};

function privateAddress(host: string): string {
  return `${host} is an address of a private network`;
}

const privateNetworks = new BlockList();
for (const [network, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as const),
])
  privateNetworks.addSubnet(network, bits, 'ipv4');

/** Whether an address is reachable from everywhere; of IPv6 only global unicast, without what wraps an IPv4 address. */
export function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !privateNetworks.check(address, 'ipv4');
  return globalUnicast.check(address, 'ipv6') && !wrapped.check(address, 'ipv6');
}

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
/** Teredo, documentation and 6to4. */
const wrapped = new BlockList();
for (const [network, bits] of [
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  wrapped.addSubnet(network, bits, 'ipv6');
