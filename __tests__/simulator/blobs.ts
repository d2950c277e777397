import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Fault } from './faults.ts';
import { readBody, sendFaulty, type Answer } from './http.ts';

interface Blob {
  readonly file: string;
  readonly contentType: string;
  readonly downloadName: string | null;
  /** Uploaded and not yet committed, by Azure's block id. */
  readonly blocks: Map<string, string>;
  digest: string | null;
}

/** Files behind signed addresses, shaped like Azure's block blobs: what artifacts and release assets live in. */
export class BlobStore {
  readonly #folder: string;
  readonly #key = randomBytes(32);
  readonly #blobs = new Map<string, Blob>();
  /** Origin that the addresses point to; set when the server listens. */
  origin = '';

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Makes room for an upload and returns its id. */
  create(contentType: string, downloadName: string | null): string {
    const id = randomBytes(8).toString('hex');
    const file = join(this.#folder, id);
    this.#blobs.set(id, { file, contentType, downloadName, blocks: new Map(), digest: null });
    return id;
  }

  /** Stores bytes and returns an address from which they can be read. */
  share(bytes: Buffer, contentType: string): string {
    const id = this.create(contentType, null);
    writeFileSync(join(this.#folder, id), bytes);
    return this.address(id, 'get');
  }

  address(id: string, verb: 'get' | 'put'): string {
    return `${this.origin}/blobs/${id}?se=2099-01-01T00%3A00%3A00Z&sig=${this.#sign(id, verb)}`;
  }

  /** `sha256:…` of a committed upload, or null. */
  digest(id: string): string | null {
    return this.#blobs.get(id)?.digest ?? null;
  }

  /** Replaces what a blob holds and leaves its recorded digest: storage that rots. */
  replace(id: string, bytes: Buffer): void {
    const blob = this.#blobs.get(id);
    if (blob !== undefined) writeFileSync(blob.file, bytes);
  }

  remove(id: string): void {
    const blob = this.#blobs.get(id);
    if (blob !== undefined) rmSync(blob.file, { force: true });
    this.#blobs.delete(id);
  }

  /** Serves `/blobs/<id>`. `take` asks the plan of failures. */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    take: (op: string) => Fault | undefined,
  ): Promise<number> {
    const id = url.pathname.slice('/blobs/'.length);
    const verb = request.method === 'PUT' ? 'put' : 'get';
    const blob = this.#blobs.get(id);
    const refusal =
      blob === undefined
        ? azureError(404, 'BlobNotFound')
        : request.headers.authorization !== undefined
          ? azureError(400, 'InvalidAuthenticationInfo')
          : this.#isSigned(url, id, verb)
            ? null
            : azureError(403, 'AuthenticationFailed');
    const carryOut = async (): Promise<Answer> => {
      if (blob === undefined || refusal !== null) return refusal ?? azureError(404, 'BlobNotFound');
      return verb === 'put' ? this.#write(request, url, blob) : read(request, blob);
    };
    return sendFaulty(response, take(`blob/${verb}`), carryOut);
  }

  #sign(id: string, verb: string): string {
    return createHmac('sha256', this.#key).update(`${id}|${verb}`).digest('hex');
  }

  #isSigned(url: URL, id: string, verb: string): boolean {
    const given = Buffer.from(url.searchParams.get('sig') ?? '');
    const expected = Buffer.from(this.#sign(id, verb));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  async #write(request: IncomingMessage, url: URL, blob: Blob): Promise<Answer> {
    const part = url.searchParams.get('comp');
    if (part === 'block') {
      const block = url.searchParams.get('blockid') ?? '';
      const file = `${blob.file}.${createHash('sha256').update(block).digest('hex')}`;
      await pipeline(request, createWriteStream(file));
      blob.blocks.set(block, file);
      return azureOk(201);
    }
    const whole = `${blob.file}.whole`;
    const hash = createHash('sha256');
    if (part === 'blocklist') {
      const list = (await readBody(request)).toString();
      const ids = [...list.matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)].map(([, id = '']) => id);
      const files = ids.map((id) => blob.blocks.get(id));
      if (files.some((file) => file === undefined)) return azureError(400, 'InvalidBlockList');
      await pipeline(async function* () {
        for (const file of files) {
          for await (const chunk of createReadStream(file ?? '')) {
            hash.update(chunk as Buffer);
            yield chunk as Buffer;
          }
        }
      }, createWriteStream(whole));
      for (const file of blob.blocks.values()) rmSync(file, { force: true });
      blob.blocks.clear();
    } else {
      await pipeline(
        request,
        async function* (source: AsyncIterable<Buffer>) {
          for await (const chunk of source) {
            hash.update(chunk);
            yield chunk;
          }
        },
        createWriteStream(whole),
      );
    }
    renameSync(whole, blob.file);
    blob.digest = `sha256:${hash.digest('hex')}`;
    return azureOk(201);
  }
}

async function read(request: IncomingMessage, blob: Blob): Promise<Answer> {
  if (!existsSync(blob.file)) return azureError(404, 'BlobNotFound');
  const size = statSync(blob.file).size;
  const range = /bytes=(\d+)-(\d*)/.exec(
    String(request.headers.range ?? request.headers['x-ms-range'] ?? ''),
  );
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
  const chunks: Buffer[] = [];
  if (size > 0)
    for await (const chunk of createReadStream(blob.file, { start, end })) chunks.push(chunk as Buffer);
  const named =
    blob.downloadName === null
      ? {}
      : { 'content-disposition': `attachment; filename="${blob.downloadName}"` };
  const headers = {
    ...azureHeaders(),
    'content-type': blob.contentType,
    'accept-ranges': 'bytes',
    'x-ms-blob-type': 'BlockBlob',
    ...named,
    ...(range === null ? {} : { 'content-range': `bytes ${start}-${end}/${size}` }),
  };
  return { status: range === null ? 200 : 206, headers, body: Buffer.concat(chunks) };
}

function azureHeaders(): Record<string, string> {
  return { 'x-ms-request-id': 'simulated', 'x-ms-version': '2024-11-04', etag: '"0x1"' };
}

function azureOk(status: number): Answer {
  return { status, headers: azureHeaders(), body: Buffer.alloc(0) };
}

function azureError(status: number, code: string): Answer {
  return {
    status,
    headers: { ...azureHeaders(), 'content-type': 'application/xml', 'x-ms-error-code': code },
    body: Buffer.from(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`),
  };
}
