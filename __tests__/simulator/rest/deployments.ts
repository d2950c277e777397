import type { Json, JsonObject } from '../schema.ts';
import type { Deployment } from '../state.ts';
import { author, byId, ApiError, type Operations } from './operation.ts';

function show({ id, sha, fields }: Deployment): Json {
  return { id, sha, ...fields };
}

export const deployments: Operations = {
  'repos/create-deployment': ({ repository, body, identity, now }) => {
    const sha = repository.git.resolve(`${body.ref}^{commit}`);
    if (sha === null) throw new ApiError(422, `No ref found for: ${body.ref}`);
    if (body.required_contexts === undefined) {
      throw new ApiError(409, 'Conflict: Commit status checks failed for the required contexts.');
    }
    const fields: JsonObject = {
      ref: body.ref,
      task: body.task ?? 'deploy',
      environment: body.environment ?? 'production',
      payload: (body.payload ?? {}) as Json,
      description: body.description ?? null,
      creator: author(identity),
      created_at: now,
      updated_at: now,
    };
    const deployment: Deployment = { id: repository.nextId(), sha, fields, statuses: [] };
    repository.deployments.push(deployment);
    return { status: 201, body: show(deployment) };
  },
  'repos/get-deployment': ({ repository, path }) => ({
    status: 200,
    body: show(byId(repository.deployments, path.deployment_id)),
  }),
  'repos/list-deployments': ({ repository, query }) => {
    const found = repository.deployments.filter(
      ({ sha, fields }) =>
        (query.environment === undefined || fields.environment === query.environment) &&
        (query.ref === undefined || fields.ref === query.ref) &&
        (query.sha === undefined || sha === query.sha) &&
        (query.task === undefined || fields.task === query.task),
    );
    return { status: 200, body: found.reverse().map(show) };
  },
  'repos/create-deployment-status': ({ repository, path, body, identity, now }) => {
    const deployment = byId(repository.deployments, path.deployment_id);
    const status: JsonObject = {
      id: repository.nextId(),
      state: body.state,
      description: body.description ?? '',
      creator: author(identity),
      created_at: now,
      updated_at: now,
    };
    for (const key of ['environment_url', 'log_url'] as const) {
      if (body[key] !== undefined && body[key] !== '') status[key] = body[key];
    }
    const previous = repository.deployments.filter(
      (other) => other !== deployment && other.fields.environment === deployment.fields.environment,
    );
    if (body.state === 'success' && body.auto_inactive !== false) {
      for (const other of previous) {
        if (other.statuses.at(-1)?.state === 'success') {
          other.statuses.push({ ...status, id: repository.nextId(), state: 'inactive' });
        }
      }
    }
    deployment.statuses.push(status);
    return { status: 201, body: status };
  },
  'repos/list-deployment-statuses': ({ repository, path }) => ({
    status: 200,
    body: [...byId(repository.deployments, path.deployment_id).statuses].reverse(),
  }),
};
