import type { Artifact } from '../results.ts';
import { asText, type Json, type JsonObject } from '../schema.ts';
import { ApiError, byId, notFound, type Call, type Operations } from './operation.ts';

function showArtifact({ id, name, size, digest, run, createdAt }: Artifact, api: string, repo: string): Json {
  return {
    id,
    name,
    size_in_bytes: size,
    digest,
    expired: false,
    created_at: createdAt,
    updated_at: createdAt,
    expires_at: createdAt,
    archive_download_url: `${api}/repos/${repo}/actions/artifacts/${id}/zip`,
    workflow_run: { id: Number(run) },
  };
}

function listArtifacts(
  call: Call<'actions/list-workflow-run-artifacts'> | Call<'actions/list-artifacts-for-repo'>,
): Json {
  const { results, path, query, urls, repository } = call;
  const found = results.finished.filter(
    ({ run, name }) =>
      (path.run_id === undefined || run === path.run_id) && (query.name === undefined || name === query.name),
  );
  const artifacts = found.reverse().map((artifact) => showArtifact(artifact, urls.api, repository.fullName));
  return { total_count: artifacts.length, artifacts };
}

function listRuns(
  call: Call<'actions/list-workflow-runs'> | Call<'actions/list-workflow-runs-for-repo'>,
): Json {
  const { repository, query, path } = call;
  const keys = ['branch', 'event', 'status', 'head_sha', 'actor'] as const;
  const field = {
    branch: 'head_branch',
    event: 'event',
    status: 'status',
    head_sha: 'head_sha',
    actor: 'actor',
  };
  const runs: Json[] = repository.runs.filter((run) => {
    const file = asText(run.path).split('/').at(-1);
    const ours = path.workflow_id === undefined || path.workflow_id === file;
    return ours && keys.every((key) => query[key] === undefined || run[field[key]] === query[key]);
  });
  return { total_count: runs.length, workflow_runs: runs.reverse() };
}

export const actions: Operations = {
  'actions/get-github-actions-default-workflow-permissions-repository': () => ({
    status: 200,
    body: { default_workflow_permissions: 'read', can_approve_pull_request_reviews: false },
  }),
  'actions/list-workflow-runs': (call) => ({ status: 200, body: listRuns(call) }),
  'actions/list-workflow-runs-for-repo': (call) => ({ status: 200, body: listRuns(call) }),
  'actions/get-workflow-run': ({ repository, path }) => ({
    status: 200,
    body: byId(repository.runs, path.run_id),
  }),
  'actions/list-jobs-for-workflow-run': ({ repository, path }) => {
    const jobs: JsonObject[] = repository.jobs.filter(({ run_id }) => run_id === Number(path.run_id));
    return { status: 200, body: { total_count: jobs.length, jobs } };
  },
  'actions/list-workflow-run-artifacts': (call) => ({ status: 200, body: listArtifacts(call) }),
  'actions/list-artifacts-for-repo': (call) => ({ status: 200, body: listArtifacts(call) }),
  'actions/get-artifact': ({ results, path, urls, repository }) => ({
    status: 200,
    body: showArtifact(byId(results.finished, path.artifact_id), urls.api, repository.fullName),
  }),
  'actions/download-artifact': ({ results, path }) => {
    const artifact = byId(results.finished, path.artifact_id);
    return { status: 302, headers: { location: results.downloadUrl(artifact) } };
  },
  'actions/delete-artifact': ({ results, path }) => {
    if (!results.remove(Number(path.artifact_id))) throw notFound();
    return { status: 204 };
  },
  'actions/create-workflow-dispatch': ({ repository, path, body }) => {
    const { git } = repository;
    if (git.resolve(`refs/heads/${body.ref}`) === null && git.resolve(`refs/tags/${body.ref}`) === null) {
      throw new ApiError(422, `No ref found for: ${body.ref}`);
    }
    repository.dispatches.push({
      workflow: path.workflow_id ?? '',
      ref: body.ref,
      inputs: (body.inputs ?? {}) as JsonObject,
    });
    return { status: 204 };
  },
  'repos/create-dispatch-event': ({ repository, body }) => {
    repository.dispatchEvents.push({
      type: body.event_type,
      payload: (body.client_payload ?? {}) as JsonObject,
    });
    return { status: 204 };
  },
};
