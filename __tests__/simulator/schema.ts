/** A JSON value as OpenAPI documents and API bodies hold them. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = Record<string, Json>;

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Words of OpenAPI that JSON Schema doesn't know. */
const openApiOnly = new Set(['example', 'nullable', 'discriminator']);

/** A string, or '' for any other value. */
export function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Turns an OpenAPI 3.0 schema into the JSON Schema that ajv reads; references point into the schema `gh`. */
export function toJsonSchema(node: Json): Json {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (!isObject(node)) return node;
  const schema: JsonObject = {};
  for (const [key, value] of Object.entries(node)) {
    if (!openApiOnly.has(key)) schema[key] = toJsonSchema(value);
  }
  if (typeof schema.$ref === 'string') schema.$ref = schema.$ref.replace(/^#\//, 'gh#/');
  return node.nullable === true ? orNull(schema) : schema;
}

function orNull(schema: JsonObject): JsonObject {
  if (typeof schema.type !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = schema.enum;
  const widened: JsonObject = { ...schema, type: [schema.type, 'null'] };
  return Array.isArray(values) && !values.includes(null) ? { ...widened, enum: [...values, null] } : widened;
}

/** Deeper than any of GitHub's answers; stops the recursion of schemas that contain themselves. */
const deepest = 8;

/**
 * Completes `partial` to the smallest value that the schema accepts, so that a handler states only what matters.
 * `resolve` follows a `$ref`.
 */
export function complete(
  schema: Json | undefined,
  partial: Json | undefined,
  resolve: (schema: Json | undefined) => JsonObject,
  depth = 0,
): Json {
  const node = resolve(schema);
  if (partial === null) return null;
  const { allOf, oneOf, anyOf, properties, items } = node;
  if (Array.isArray(allOf)) {
    const parts = allOf.map((part) => complete(part, partial, resolve, depth));
    return Object.assign({}, ...parts, isObject(partial) ? partial : {}) as JsonObject;
  }
  const choices = Array.isArray(oneOf) ? oneOf : anyOf;
  if (Array.isArray(choices)) return complete(choose(choices, partial, resolve), partial, resolve, depth);
  if (Array.isArray(partial)) return partial.map((item) => complete(items ?? {}, item, resolve, depth + 1));
  if (partial !== undefined && !isObject(partial)) return partial;
  if (partial === undefined && node.nullable === true) return null;
  if (node.type === 'object' || isObject(properties)) {
    const whole: JsonObject = { ...partial };
    const required = Array.isArray(node.required) ? node.required : [];
    for (const [key, property] of Object.entries(isObject(properties) ? properties : {})) {
      const given = partial?.[key];
      if (given !== undefined) whole[key] = complete(property, given, resolve, depth + 1);
      else if (required.includes(key)) {
        whole[key] = depth > deepest ? null : complete(property, undefined, resolve, depth + 1);
      }
    }
    return whole;
  }
  return partial ?? smallest(node);
}

/** The alternative whose shape fits what was given: a list for a list, else the first that isn't `null`. */
function choose(
  choices: Json[],
  partial: Json | undefined,
  resolve: (schema: Json | undefined) => JsonObject,
): Json | undefined {
  const wanted = Array.isArray(partial) ? 'array' : typeof partial;
  const fits = choices.filter((choice) => fitsShape(resolve(choice), partial));
  return (
    fits.find((choice) => resolve(choice).type === wanted) ??
    fits.find((choice) => resolve(choice).type !== 'null') ??
    choices[0]
  );
}

/** False when an enumerated `type` property (file, dir, symlink, ...) contradicts the given one. */
function fitsShape(choice: JsonObject, partial: Json | undefined): boolean {
  if (!isObject(partial) || !isObject(choice.properties)) return true;
  const type = choice.properties.type;
  const values = isObject(type) ? type.enum : undefined;
  return !Array.isArray(values) || partial.type === undefined || values.includes(partial.type);
}

function smallest(node: JsonObject): Json {
  const values = node.enum;
  if (Array.isArray(values)) return values[0] ?? null;
  switch (node.type) {
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return typeof node.example === 'number' ? node.example : 0;
    case 'boolean':
      return false;
    case 'string':
      if (node.format === 'date-time') return '2026-01-01T00:00:00Z';
      if (node.format === 'uri') return 'https://example.test/x';
      return typeof node.example === 'string' ? node.example : 'x';
    default:
      return null;
  }
}
