import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Contract, Operation } from '../contract.ts';
import type { FaultPlan } from '../faults.ts';
import { jsonAnswer, readBody, sendFaulty, type Answer } from '../http.ts';
import type { BlobStore } from '../blobs.ts';
import type { ResultsService } from '../results.ts';
import { isObject, type Json } from '../schema.ts';
import type { RepositoryState } from '../state.ts';
import { mayCarryOut, neededPermissions, tokenOf, type Identity } from '../tokens.ts';
import { operations } from './index.ts';
import { ApiError, type CheckedCall, type OperationId, type Reply } from './operation.ts';
import { leaveStarter } from './releases.ts';

/** A request that the simulator saw. `status` 0 means that the connection was cut. */
export interface LoggedRequest {
  readonly op: string;
  readonly method: string;
  readonly path: string;
  readonly login: string | null;
  readonly body: Json | undefined;
  status: number;
}

/** A request or an answer that GitHub's description doesn't allow. */
export interface Violation {
  readonly op: string;
  readonly side: 'request' | 'response';
  readonly errors: readonly string[];
}

/** What the REST side shares with the rest of the simulator. */
export interface World {
  readonly contract: Contract;
  readonly faults: FaultPlan;
  readonly results: ResultsService;
  readonly blobs: BlobStore;
  readonly tokens: Map<string, Identity>;
  readonly repositories: Map<string, RepositoryState>;
  readonly violations: Violation[];
  readonly log: LoggedRequest[];
  readonly urls: { api: string; uploads: string };
  readonly rateLimit: { limit: number; remaining: number; resetsAt: number };
  readonly now: () => string;
}

/** Serves one REST request; false when no operation has this address. */
export async function serveApi(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  onUploadsHost: boolean,
): Promise<boolean> {
  const match = world.contract.match(request.method ?? 'GET', url.pathname);
  if (match?.operation.onUploadsHost !== onUploadsHost) return false;
  const { operation, parameters } = match;
  const raw = await readBody(request).catch(() => Buffer.alloc(0));
  const identity = world.tokens.get(tokenOf(request.headers.authorization) ?? '') ?? null;
  const isJson = raw.length > 0 && !operation.onUploadsHost;
  const body = isJson ? (JSON.parse(raw.toString()) as Json) : undefined;
  const entry: LoggedRequest = {
    op: operation.id,
    method: operation.method,
    path: url.pathname,
    login: identity?.login ?? null,
    body,
    status: 0,
  };
  world.log.push(entry);
  const fault = world.faults.take(operation.id);
  const carryOut = (): Promise<Answer> => {
    world.rateLimit.remaining -= 1;
    const repository = world.repositories.get(`${parameters.owner ?? ''}/${parameters.repo ?? ''}`);
    if (fault?.drop === 'during') {
      const name = url.searchParams.get('name');
      const id = parameters.release_id;
      if (repository && id && name) leaveStarter(repository, id, name, world.now());
      return Promise.resolve(jsonAnswer(500, {}));
    }
    const query = Object.fromEntries(url.searchParams);
    const asked = { operation, parameters, query, body, raw, request, identity, repository };
    return Promise.resolve(withRateLimit(world, answer(world, url, asked)));
  };
  entry.status = await sendFaulty(response, fault, carryOut);
  return true;
}

interface Asked {
  readonly operation: Operation;
  readonly parameters: Record<string, string>;
  readonly query: Record<string, string>;
  readonly body: Json | undefined;
  readonly raw: Buffer;
  readonly request: IncomingMessage;
  readonly identity: Identity | null;
  readonly repository: RepositoryState | undefined;
}

function answer(world: World, url: URL, asked: Asked): Answer {
  const { operation, identity, repository } = asked;
  if (identity === null) return failure(401, 'Bad credentials');
  if (world.rateLimit.remaining < 0) {
    return failure(403, 'API rate limit exceeded for installation ID 1.');
  }
  const errors = world.contract.requestErrors(operation, asked.query, asked.body);
  if (errors.length > 0) {
    world.violations.push({ op: operation.id, side: 'request', errors });
    return failure(422, 'Invalid request.', {}, errors);
  }
  if (!mayCarryOut(identity, operation.id, operation.method)) {
    const level = operation.method === 'GET' ? 'read' : 'write';
    const header = neededPermissions(operation.id).map((name) => `${name.replaceAll('-', '_')}=${level}`);
    return failure(403, 'Resource not accessible by integration', {
      'x-accepted-github-permissions': header.join('; '),
    });
  }
  try {
    return show(world, url, operation, carryOut(world, asked, identity, repository));
  } catch (error) {
    if (error instanceof ApiError) return failure(error.status, error.message, {}, error.errors);
    throw error;
  }
}

function carryOut(
  world: World,
  { operation, parameters, query, body, raw, request }: Asked,
  identity: Identity,
  repository: RepositoryState | undefined,
): Reply {
  if (operation.id === 'users/get-authenticated') {
    if (identity.type === 'Bot') throw new ApiError(403, 'Resource not accessible by integration');
    return { status: 200, body: { login: identity.login, id: identity.id, type: identity.type } };
  }
  if (operation.id === 'rate-limit/get') {
    const { limit, remaining, resetsAt } = world.rateLimit;
    const core = { limit, remaining, reset: resetsAt, used: limit - remaining };
    return { status: 200, body: { resources: { core, search: core }, rate: core } };
  }
  if (repository === undefined) throw new ApiError(404, 'Not Found');
  // Each operation's own type of body is what the description says, and that was checked just above.
  const handler = operations[operation.id as OperationId] as ((call: CheckedCall) => Reply) | undefined;
  if (handler === undefined) throw new ApiError(501, `The simulator does not know ${operation.id}`);
  const { headers } = request;
  const { results, blobs, urls } = world;
  const call = { path: parameters, query, raw, headers, identity, repository, results, blobs, urls };
  return handler({ ...call, body: body ?? {}, now: world.now() });
}

/** Completes a reply, takes its page, and checks it against the description. */
function show(world: World, url: URL, operation: Operation, reply: Reply): Answer {
  const { status, bytes, headers = {} } = reply;
  if (bytes !== undefined) return { status, headers, body: bytes };
  if (reply.body === undefined) return { status, headers, body: Buffer.alloc(0) };
  const { page, link } = world.contract.isPaged(operation)
    ? takePage(url, reply.body)
    : { page: reply.body, link: null };
  const body = world.contract.complete(operation, status, page);
  const errors = world.contract.responseErrors(operation, status, body);
  if (errors.length > 0) world.violations.push({ op: operation.id, side: 'response', errors });
  return jsonAnswer(status, body, { ...headers, ...(link === null ? {} : { link }) });
}

/** One page of a list, or of the list inside a `{total_count, …}` object, with its Link header. */
function takePage(url: URL, body: Json): { page: Json; link: string | null } {
  const size = Math.min(100, Number(url.searchParams.get('per_page') ?? 30));
  const number = Number(url.searchParams.get('page') ?? 1);
  const cut = (list: Json[]) => list.slice((number - 1) * size, number * size);
  const key = isObject(body) ? Object.keys(body).find((name) => Array.isArray(body[name])) : undefined;
  const list = isObject(body) ? body[key ?? ''] : body;
  if (!Array.isArray(list)) return { page: body, link: null };
  const page = isObject(body) ? { ...body, [key ?? '']: cut(list) } : cut(list);
  const last = Math.ceil(list.length / size);
  const address = (to: number) => {
    const other = new URL(url);
    other.searchParams.set('page', String(to));
    return other.href;
  };
  const link = number < last ? `<${address(number + 1)}>; rel="next", <${address(last)}>; rel="last"` : null;
  return { page, link };
}

function failure(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  errors?: readonly Json[],
): Answer {
  const documentation_url = 'https://docs.github.com/rest';
  const body = { message, documentation_url, status: String(status), ...(errors ? { errors } : {}) };
  return jsonAnswer(status, body, headers);
}

function withRateLimit(world: World, reply: Answer): Answer {
  const { limit, remaining, resetsAt } = world.rateLimit;
  const headers = {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, remaining)),
    'x-ratelimit-reset': String(resetsAt),
    'x-github-request-id': `SIM:${world.log.length}`,
    'x-github-media-type': 'github.v3; format=json',
  };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}
