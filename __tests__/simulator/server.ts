import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobStore } from './blobs.ts';
import { Contract } from './contract.ts';
import { FaultPlan, type Fault } from './faults.ts';
import { BareRepository } from './git.ts';
import { gitRequest, serveGit } from './git-http.ts';
import { jsonAnswer, readBody, send, sendFaulty } from './http.ts';
import { serveApi, type LoggedRequest, type Violation, type World } from './rest/api.ts';
import { ResultsService, rpcOf } from './results.ts';
import type { JsonObject } from './schema.ts';
import { RepositoryState } from './state.ts';
import { defaultTokens, tokenOf, type Identity } from './tokens.ts';

export interface SimulatorOptions {
  /** 0 (default) takes a free port. */
  readonly port?: number;
  readonly now?: () => Date;
}

/** A GitHub of our own, on 127.0.0.1: REST, git over HTTP, artifacts. See `startSimulator`. */
export interface Simulator {
  /** The REST address: what `GITHUB_API_URL` should say. */
  readonly url: string;
  readonly tokens: Map<string, Identity>;
  readonly results: ResultsService;
  readonly blobs: BlobStore;
  readonly faults: FaultPlan;
  readonly violations: readonly Violation[];
  readonly log: readonly LoggedRequest[];
  readonly rateLimit: { limit: number; remaining: number; resetsAt: number };
  /** The repository of this name, made on first use with one commit on `main`. */
  repository(owner: string, name: string): RepositoryState;
  fault(fault: Fault): void;
  /** Operations seen so far, in order. */
  operations(): string[];
  close(): Promise<void>;
}

/** Starts a simulator; nothing of it outlives `close`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
  const blobs = new BlobStore(join(folder, 'blobs'));
  const now = options.now ?? (() => new Date());
  const world: World = {
    contract: new Contract(new URL('openapi/github.json', import.meta.url)),
    faults: new FaultPlan(),
    results: new ResultsService(blobs),
    blobs,
    tokens: defaultTokens(),
    repositories: new Map(),
    violations: [],
    log: [],
    urls: { api: '', uploads: '' },
    rateLimit: { limit: 5000, remaining: 5000, resetsAt: Math.floor(now().getTime() / 1000) + 3600 },
    now: () => now().toISOString(),
  };
  const api = await listen(
    (request, response) => serveMain(world, folder, request, response),
    options.port ?? 0,
  );
  const uploads = await listen((request, response) => serveUploads(world, request, response), 0);
  world.urls.api = originOf(api);
  world.urls.uploads = originOf(uploads);
  blobs.origin = world.urls.uploads;

  return {
    url: world.urls.api,
    tokens: world.tokens,
    results: world.results,
    blobs,
    faults: world.faults,
    violations: world.violations,
    log: world.log,
    rateLimit: world.rateLimit,
    repository: (owner, name) => repositoryOf(world, folder, owner, name),
    fault: (fault) => world.faults.add(fault),
    operations: () => world.log.map(({ op }) => op),
    close: async () => {
      await Promise.all([stop(api), stop(uploads)]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function repositoryOf(world: World, folder: string, owner: string, name: string): RepositoryState {
  const key = `${owner}/${name}`;
  const known = world.repositories.get(key);
  if (known !== undefined) return known;
  const git = new BareRepository(join(folder, 'git', owner, `${name}.git`));
  const repository = new RepositoryState(owner, name, git);
  git.commitFiles('main', { 'README.md': `# ${name}\n` }, 'Begin');
  world.repositories.set(key, repository);
  return repository;
}

async function serveMain(
  world: World,
  folder: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', world.urls.api);
  const git = gitRequest(url);
  if (git !== null) {
    const { op, owner, repo } = git;
    const identity = world.tokens.get(tokenOf(request.headers.authorization) ?? '');
    const entry = { op, method: request.method ?? '', path: url.pathname, login: identity?.login ?? null };
    world.log.push({ ...entry, body: undefined, status: 200 });
    const fault = world.faults.take(op);
    if (fault !== undefined) {
      await sendFaulty(response, fault, () => Promise.resolve(jsonAnswer(500, {})));
      return true;
    }
    const refusal = refuseGit(world, identity, op, `${owner}/${repo}`);
    if (refusal !== null) send(response, refusal);
    else await serveGit(request, response, url, join(folder, 'git'), git, identity?.login ?? '');
    return true;
  }
  const rpc = rpcOf(url);
  if (rpc !== null) {
    const body = JSON.parse((await readBody(request)).toString() || '{}') as JsonObject;
    const op = `results/${rpc}`;
    const entry: LoggedRequest = { op, method: 'POST', path: url.pathname, login: null, body, status: 0 };
    world.log.push(entry);
    entry.status = await sendFaulty(response, world.faults.take(op), () =>
      Promise.resolve(world.results.call(rpc, request.headers.authorization, body, world.now())),
    );
    return true;
  }
  if (url.pathname === '/graphql') return serveViewer(world, request, response);
  return serveApi(world, request, response, url, false);
}

async function serveUploads(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const url = new URL(request.url ?? '/', world.urls.uploads);
  if (!url.pathname.startsWith('/blobs/')) return serveApi(world, request, response, url, true);
  await world.blobs.serve(request, response, url, (op) => {
    world.log.push({
      op,
      method: request.method ?? '',
      path: url.pathname,
      login: null,
      body: undefined,
      status: 200,
    });
    return world.faults.take(op);
  });
  return true;
}

/** The one GraphQL question that is answered: who am I? */
async function serveViewer(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  await readBody(request);
  const identity = world.tokens.get(tokenOf(request.headers.authorization) ?? '');
  const fault = world.faults.take('graphql/viewer');
  world.log.push({
    op: 'graphql/viewer',
    method: 'POST',
    path: '/graphql',
    login: identity?.login ?? null,
    body: undefined,
    status: 200,
  });
  await sendFaulty(response, fault, () =>
    Promise.resolve(
      identity === undefined
        ? jsonAnswer(401, { message: 'Bad credentials' })
        : jsonAnswer(200, { data: { viewer: { login: identity.login } } }),
    ),
  );
  return true;
}

function refuseGit(world: World, identity: Identity | undefined, op: string, repository: string) {
  if (identity === undefined) {
    return {
      ...jsonAnswer(401, 'Invalid username or token.'),
      headers: { 'www-authenticate': 'Basic realm="GitHub"' },
    };
  }
  if (!world.repositories.has(repository)) return jsonAnswer(404, 'Repository not found.');
  const writes = op === 'git/receive-pack';
  const allowed = writes
    ? identity.permissions.contents === 'write'
    : identity.permissions.contents !== undefined;
  return allowed ? null : jsonAnswer(403, `Permission to ${repository}.git denied to ${identity.login}.`);
}

async function listen(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => {
    serve(request, response).then(
      (served) => {
        if (!served)
          send(
            response,
            jsonAnswer(404, { message: `Not Found: ${request.method ?? ''} ${request.url ?? ''}` }),
          );
      },
      (error: unknown) => {
        if (response.headersSent) response.destroy();
        else send(response, jsonAnswer(500, { message: `The simulator failed: ${String(error)}` }));
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return `http://127.0.0.1:${address.port}`;
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
