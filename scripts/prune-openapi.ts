/**
 * Cuts GitHub's OpenAPI description (npm package `@octokit/openapi`, MIT, 13 MB) down to the operations that the
 * simulator serves. Usage, when an operation is added or GitHub's description has moved on:
 *
 *     npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
 *     npx node scripts/prune-openapi.ts package/generated/api.github.com.json
 */
import { readFileSync, writeFileSync } from 'node:fs';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = Record<string, Json>;

const folder = new URL('../__tests__/simulator/openapi/', import.meta.url);
const [source] = process.argv.slice(2);
if (source === undefined) {
  console.error('usage: npx node scripts/prune-openapi.ts <api.github.com.json>');
  process.exit(2);
}

const full = JSON.parse(readFileSync(source, 'utf8')) as {
  openapi: Json;
  info: Json;
  paths: Record<string, Record<string, JsonObject>>;
  components: Record<string, JsonObject>;
};
const wanted = new Set(
  readFileSync(new URL('operations.txt', folder), 'utf8')
    .split('\n')
    .filter((line) => line !== ''),
);

const paths: Record<string, JsonObject> = {};
const components: Record<string, JsonObject> = {};
const pending: string[] = [];

for (const [path, operations] of Object.entries(full.paths)) {
  for (const [method, operation] of Object.entries(operations)) {
    if (typeof operation.operationId === 'string' && wanted.delete(operation.operationId)) {
      (paths[path] ??= {})[method] = keep(operation);
    }
  }
}
for (let pointer = pending.pop(); pointer !== undefined; pointer = pending.pop()) {
  const [, , kind, name] = pointer.split('/');
  if (kind === undefined || name === undefined) throw new Error(`unexpected reference ${pointer}`);
  const section = (components[kind] ??= {});
  if (!(name in section)) section[name] = keep(full.components[kind]?.[name] ?? {});
}
if (wanted.size > 0) throw new Error(`not in the description: ${[...wanted].join(', ')}`);

// GitHub's guide to release assets speaks of this third state, the description leaves it out.
const assetState = property(components.schemas?.['release-asset'], 'properties', 'state');
assetState.enum = ['uploaded', 'open', 'starter'];

const pruned = { openapi: full.openapi, info: full.info, paths, components };
writeFileSync(new URL('github.json', folder), `${JSON.stringify(pruned)}\n`);
console.log(`${Object.keys(paths).length} paths, ${Object.keys(components.schemas ?? {}).length} schemas`);

function property(node: Json | undefined, ...path: string[]): JsonObject {
  let found = node;
  for (const key of path)
    found = typeof found === 'object' && !Array.isArray(found) ? found?.[key] : undefined;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) throw new Error(path.join('.'));
  return found;
}

/** Copies a node without prose and examples, and queues what it refers to. */
function keep(node: Json, isPropertyMap = false): Json {
  if (Array.isArray(node)) return node.map((item) => keep(item));
  if (node === null || typeof node !== 'object') return node;
  const copy: JsonObject = {};
  for (const [key, value] of Object.entries(node)) {
    const prose = key === 'description' && typeof value === 'string';
    const dropped = prose || key === 'examples' || key === 'x-github' || key === 'externalDocs';
    if (dropped && !isPropertyMap) continue;
    if (key === '$ref' && typeof value === 'string') pending.push(value);
    copy[key] = keep(value, key === 'properties' && !isPropertyMap);
  }
  return copy;
}
