import type { Json, JsonObject } from '../schema.ts';
import { resolve } from './git-data.ts';
import { author, byId, ApiError, type Operations } from './operation.ts';

/** Annotations that one request may carry. */
const mostAnnotations = 50;

interface Output {
  title?: string;
  summary?: string;
  text?: string;
  annotations?: readonly unknown[];
}

function showOutput(given: Output | undefined, before: JsonObject | undefined): JsonObject {
  const count = given?.annotations?.length ?? 0;
  if (count > mostAnnotations)
    throw new ApiError(422, `Invalid request.\n\nNo more than ${mostAnnotations} items`);
  return {
    title: given?.title ?? before?.title ?? null,
    summary: given?.summary ?? before?.summary ?? null,
    text: given?.text ?? before?.text ?? null,
    annotations_count: Number(before?.annotations_count ?? 0) + count,
    annotations_url: 'https://example.test/annotations',
  };
}

export const checks: Operations = {
  'checks/create': ({ repository, body, now }) => {
    const conclusion = 'conclusion' in body ? body.conclusion : null;
    const check = {
      id: repository.nextId(),
      name: body.name,
      head_sha: body.head_sha,
      status: conclusion === null ? (body.status ?? 'queued') : 'completed',
      conclusion,
      started_at: now,
      completed_at: conclusion === null ? null : now,
      external_id: body.external_id ?? null,
      details_url: body.details_url ?? null,
      output: showOutput(body.output, undefined),
    };
    repository.checks.push(check);
    return { status: 201, body: check };
  },
  'checks/update': ({ repository, path, body, now }) => {
    const check = byId(repository.checks, path.check_run_id);
    const before = check.output as JsonObject;
    check.output = showOutput(body.output, before);
    check.name = body.name ?? check.name ?? null;
    const conclusion = 'conclusion' in body ? (body.conclusion ?? null) : null;
    check.status = conclusion === null ? (body.status ?? check.status ?? null) : 'completed';
    if (conclusion !== null) Object.assign(check, { conclusion, completed_at: now });
    return { status: 200, body: check };
  },
  'checks/get': ({ repository, path }) => ({
    status: 200,
    body: byId(repository.checks, path.check_run_id),
  }),
  'checks/list-for-ref': ({ repository, path, query }) => {
    const sha = resolve(repository, `${path.ref ?? ''}^{commit}`);
    const found: Json[] = repository.checks.filter(
      (check) =>
        check.head_sha === sha && (query.check_name === undefined || check.name === query.check_name),
    );
    return { status: 200, body: { total_count: found.length, check_runs: found } };
  },
  'repos/create-commit-status': ({ repository, path, body, identity, now }) => {
    const status = {
      id: repository.nextId(),
      sha: resolve(repository, `${path.sha ?? ''}^{commit}`),
      state: body.state,
      context: body.context ?? 'default',
      description: body.description ?? null,
      target_url: body.target_url ?? null,
      created_at: now,
      updated_at: now,
    };
    repository.statuses.push(status);
    return { status: 201, body: { ...status, creator: author(identity) } };
  },
  'repos/get-combined-status-for-ref': ({ repository, path }) => {
    const sha = resolve(repository, `${path.ref ?? ''}^{commit}`);
    const latest = new Map(
      repository.statuses.filter((status) => status.sha === sha).map((status) => [status.context, status]),
    );
    const states = [...latest.values()].map((status) => status.state);
    const failed = states.some((state) => state === 'failure' || state === 'error');
    const done = states.length > 0 && states.every((state) => state === 'success');
    const body = {
      sha,
      state: failed ? 'failure' : done ? 'success' : 'pending',
      total_count: latest.size,
      statuses: [...latest.values()],
    };
    return { status: 200, body };
  },
};
