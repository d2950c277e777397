import type { IncomingHttpHeaders } from 'node:http';
import type { operations } from '@octokit/openapi-types';
import type { BlobStore } from '../blobs.ts';
import type { ResultsService } from '../results.ts';
import type { Json } from '../schema.ts';
import type { RepositoryState } from '../state.ts';
import type { Identity } from '../tokens.ts';

export type OperationId = keyof operations;

/** The JSON body of an operation, as GitHub's description types it. */
export type Body<Id extends OperationId> = operations[Id] extends {
  requestBody?: { content: { 'application/json': infer B } };
}
  ? B
  : undefined;

/** A request whose shape was already checked against the description. */
export interface Call<Id extends OperationId> {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: Body<Id>;
  readonly raw: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly identity: Identity;
  readonly repository: RepositoryState;
  readonly results: ResultsService;
  readonly blobs: BlobStore;
  readonly urls: { readonly api: string; readonly uploads: string };
  /** ISO time. */
  readonly now: string;
}

/** A call whose body was checked against the description of its operation. */
export type CheckedCall = Omit<Call<OperationId>, 'body'> & { readonly body: Json };

/** `body` may leave out what the description requires; the rest is filled in. */
export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Operations of one area, by GitHub's names. */
export type Operations = { readonly [Id in OperationId]?: (call: Call<Id>) => Reply };

/** An answer of GitHub that is not a success. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: Json[] | undefined;

  constructor(status: number, message: string, errors?: Json[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

/** The 422 of a field, as GitHub words it. */
export function invalid(resource: string, field: string, code: string, message?: string): ApiError {
  return new ApiError(422, 'Validation Failed', [
    { resource, field, code, ...(message === undefined ? {} : { message }) },
  ]);
}

/** The one with this id, or 404. */
export function byId<T extends { readonly id: number }>(list: readonly T[], id: string | undefined): T {
  const found = list.find((item) => item.id === Number(id));
  if (found === undefined) throw notFound();
  return found;
}

/** The part of an identity that GitHub shows as the author. */
export function author({ login, id, type }: Identity): { login: string; id: number; type: 'Bot' | 'User' } {
  return { login, id, type };
}
