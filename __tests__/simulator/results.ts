import { createHmac, randomBytes } from 'node:crypto';
import type { BlobStore } from './blobs.ts';
import { jsonAnswer, type Answer } from './http.ts';
import { asText, isObject, type Json, type JsonObject } from './schema.ts';

/** One artifact of a workflow run. */
export interface Artifact {
  readonly id: number;
  readonly run: string;
  readonly job: string;
  readonly name: string;
  readonly blob: string;
  readonly createdAt: string;
  finished: boolean;
  size: number;
  digest: string | null;
}

const address = /^\/twirp\/github\.actions\.results\.api\.v1\.ArtifactService\/(\w+)$/;

/** The name of the remote call that an address stands for, or null. */
export function rpcOf(url: URL): string | null {
  return address.exec(url.pathname)?.[1] ?? null;
}

/** GitHub's "results" service as `@actions/artifact` talks to it: Twirp over JSON, blobs behind signed addresses. */
export class ResultsService {
  readonly artifacts: Artifact[] = [];
  readonly #blobs: BlobStore;
  readonly #key = randomBytes(32);
  #lastId = 5000;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  get finished(): Artifact[] {
    return this.artifacts.filter(({ finished }) => finished);
  }

  /** An `ACTIONS_RUNTIME_TOKEN`: the client reads its scope and doesn't check its signature. */
  token(run: string, job = '1'): string {
    const encode = (value: JsonObject) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const scope = `Actions.Results:${run}:${job} Actions.ExampleScope`;
    const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ scp: scope, exp: 4_102_444_800 })}`;
    return `${signed}.${createHmac('sha256', this.#key).update(signed).digest('base64url')}`;
  }

  downloadUrl({ blob }: Artifact): string {
    return this.#blobs.address(blob, 'get');
  }

  remove(id: number): boolean {
    const index = this.artifacts.findIndex((artifact) => artifact.id === id);
    const [artifact] = index < 0 ? [] : this.artifacts.splice(index, 1);
    if (artifact !== undefined) this.#blobs.remove(artifact.blob);
    return artifact !== undefined;
  }

  /** Carries out one remote call. */
  call(rpc: string, authorization: string | undefined, body: JsonObject, now: string): Answer {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    const run = text(body, 'workflow_run_backend_id');
    if (token === undefined || scopeOf(token) !== run) return twirpError(401, 'unauthenticated', 'bad token');
    const name = text(body, 'name');
    const named = this.finished.find((artifact) => artifact.run === run && artifact.name === name);
    switch (rpc) {
      case 'CreateArtifact':
        if (named)
          return twirpError(
            409,
            'already_exists',
            'an artifact with this name already exists on the workflow run',
          );
        return this.#create(run, name, body, now);
      case 'FinalizeArtifact':
        return this.#finalize(run, name, body);
      case 'ListArtifacts':
        return this.#list(run, body);
      case 'GetSignedArtifactURL':
        if (!named) return twirpError(404, 'not_found', 'artifact not found');
        return jsonAnswer(200, { name, signed_url: this.downloadUrl(named) });
      case 'DeleteArtifact':
        if (!named) return twirpError(404, 'not_found', 'artifact not found');
        this.remove(named.id);
        return jsonAnswer(200, { ok: true, artifact_id: String(named.id) });
      default:
        return twirpError(404, 'bad_route', rpc);
    }
  }

  #create(run: string, name: string, body: JsonObject, now: string): Answer {
    const type = text(body, 'mime_type') || 'application/zip';
    const blob = this.#blobs.create(type, type === 'application/zip' ? `${name}.zip` : name);
    this.artifacts.push({
      id: ++this.#lastId,
      run,
      job: text(body, 'workflow_job_run_backend_id'),
      name,
      blob,
      createdAt: now,
      finished: false,
      size: 0,
      digest: null,
    });
    return jsonAnswer(200, { ok: true, signed_upload_url: this.#blobs.address(blob, 'put') });
  }

  #finalize(run: string, name: string, body: JsonObject): Answer {
    const artifact = this.artifacts.findLast((one) => one.run === run && one.name === name && !one.finished);
    const digest = artifact === undefined ? null : this.#blobs.digest(artifact.blob);
    if (artifact === undefined || digest === null) return twirpError(404, 'not_found', 'no upload');
    const claimed = text(body, 'hash');
    if (claimed !== '' && claimed !== digest) return twirpError(400, 'invalid_argument', 'digest mismatch');
    Object.assign(artifact, { finished: true, size: Number(text(body, 'size')), digest });
    return jsonAnswer(200, { ok: true, artifact_id: String(artifact.id) });
  }

  #list(run: string, body: JsonObject): Answer {
    const name = text(body, 'name_filter');
    const id = text(body, 'id_filter');
    const found = this.finished.filter(
      (artifact) =>
        artifact.run === run &&
        (name === '' || artifact.name === name) &&
        (id === '' || String(artifact.id) === id),
    );
    const artifacts = found.map((artifact) => ({
      workflow_run_backend_id: artifact.run,
      workflow_job_run_backend_id: artifact.job,
      database_id: String(artifact.id),
      name: artifact.name,
      size: String(artifact.size),
      created_at: artifact.createdAt,
      digest: artifact.digest,
    }));
    return jsonAnswer(200, { artifacts });
  }
}

/** A field of a Twirp message; protobuf's wrapper types come plain or as `{value}`. */
function text(body: JsonObject, key: string): string {
  const given: Json | undefined = body[key];
  const value = isObject(given) ? given.value : given;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The run id in a runtime token's scope. */
function scopeOf(token: string): string | null {
  const [, payload = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as JsonObject;
  return /Actions\.Results:([^: ]+):/.exec(asText(claims.scp))?.[1] ?? null;
}

function twirpError(status: number, code: string, msg: string): Answer {
  return jsonAnswer(status, { code, msg });
}
