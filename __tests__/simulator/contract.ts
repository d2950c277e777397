import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { asText, complete, isObject, toJsonSchema, type Json, type JsonObject } from './schema.ts';

/** One operation of GitHub's REST description, ready to be matched against a request. */
export interface Operation {
  /** GitHub's name, such as `issues/create-comment`. */
  readonly id: string;
  readonly method: string;
  readonly definition: JsonObject;
  /** True when GitHub serves it from `uploads.github.com`. */
  readonly onUploadsHost: boolean;
  readonly pattern: RegExp;
  readonly names: readonly string[];
}

/** Parameters that may hold slashes. */
const greedy = new Set(['path', 'ref', 'basehead']);

/** GitHub's OpenAPI description: finds operations, and checks requests and answers against it. */
export class Contract {
  readonly #document: JsonObject;
  readonly #operations: readonly Operation[];
  readonly #ajv = new Ajv({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(file: URL) {
    this.#document = JSON.parse(readFileSync(file, 'utf8')) as JsonObject;
    addFormats.default(this.#ajv);
    for (const format of ['timestamp', 'repo.nwo', 'binary']) this.#ajv.addFormat(format, true);
    this.#ajv.addSchema({ $id: 'gh', components: toJsonSchema(this.#document.components ?? {}) });
    this.#operations = operationsOf(this.#document);
  }

  /** The operation that serves `method pathname`, with its decoded path parameters. */
  match(
    method: string,
    pathname: string,
  ): { operation: Operation; parameters: Record<string, string> } | null {
    for (const operation of this.#operations) {
      const found = operation.method === method ? operation.pattern.exec(pathname) : null;
      if (found === null) continue;
      const parameters: Record<string, string> = {};
      for (const [index, name] of operation.names.entries()) {
        parameters[name] = decodeURIComponent(found[index + 1] ?? '');
      }
      return { operation, parameters };
    }
    return null;
  }

  /** True when the operation's answers come in pages. */
  isPaged(operation: Operation): boolean {
    return this.#queryParameters(operation).some(({ name }) => name === 'per_page');
  }

  /** What is wrong with a request: unknown or missing query parameters and body fields, wrong types. */
  requestErrors(operation: Operation, query: Record<string, string>, body: Json | undefined): string[] {
    const parameters = this.#queryParameters(operation);
    const known = new Set(parameters.map(({ name }) => name));
    const errors = Object.keys(query)
      .filter((name) => !known.has(name))
      .map((name) => `query.${name} is unknown`);
    for (const { name, required, schema } of parameters) {
      const given = query[name];
      if (given === undefined) {
        if (required) errors.push(`query.${name} is missing`);
        continue;
      }
      const found = this.#check(`${operation.id}?${name}`, schema, readQuery(given, this.#resolve(schema)));
      errors.push(...found.map((error) => `query.${name} ${error}`));
    }
    return [...errors, ...this.#bodyErrors(operation, body)];
  }

  /** What is wrong with an answer; a status that the description doesn't know is wrong too. */
  responseErrors(operation: Operation, status: number, body: Json | undefined): string[] {
    const responses = operation.definition.responses;
    if (!isObject(responses) || !(String(status) in responses)) return [`status ${status} is not documented`];
    const schema = this.#responseSchema(operation, status);
    return schema === undefined ? [] : this.#check(`${operation.id}<${status}`, schema, body ?? null);
  }

  /** Fills the fields that the description requires and `partial` leaves out. */
  complete(operation: Operation, status: number, partial: Json): Json {
    const schema = this.#responseSchema(operation, status);
    return schema === undefined ? partial : complete(schema, partial, (node) => this.#resolve(node));
  }

  #bodyErrors(operation: Operation, body: Json | undefined): string[] {
    const definition = this.#resolve(operation.definition.requestBody);
    const schema = jsonSchemaOf(definition);
    if (schema === undefined) return [];
    if (body === undefined) return definition.required === true ? ['the body is missing'] : [];
    const errors = this.#check(`${operation.id}>`, schema, body).map((error) => `body${error}`);
    const { properties, oneOf, anyOf } = this.#resolve(schema);
    if (isObject(properties) && isObject(body) && oneOf === undefined && anyOf === undefined) {
      const unknown = Object.keys(body).filter((key) => !(key in properties));
      errors.push(...unknown.map((key) => `body.${key} is unknown`));
    }
    return errors;
  }

  #queryParameters(operation: Operation): { name: string; required: boolean; schema: Json }[] {
    const parameters = operation.definition.parameters;
    return (Array.isArray(parameters) ? parameters : [])
      .map((parameter) => this.#resolve(parameter))
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, required, schema }) => ({
        name: asText(name),
        required: required === true,
        schema: schema ?? {},
      }));
  }

  #responseSchema(operation: Operation, status: number): Json | undefined {
    const responses = operation.definition.responses;
    return jsonSchemaOf(this.#resolve(isObject(responses) ? responses[String(status)] : undefined));
  }

  #resolve(node: Json | undefined): JsonObject {
    if (!isObject(node)) return {};
    const reference = node.$ref;
    if (typeof reference !== 'string') return node;
    let target: Json | undefined = this.#document;
    for (const key of reference.slice(2).split('/')) target = isObject(target) ? target[key] : undefined;
    return this.#resolve(target);
  }

  #check(key: string, schema: Json, value: Json): string[] {
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      validate = this.#ajv.compile(toJsonSchema(schema) as JsonObject);
      this.#compiled.set(key, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .slice(0, 8)
      .map(({ instancePath, message }) => `${instancePath} ${message}`);
  }
}

function operationsOf(document: JsonObject): Operation[] {
  const operations: Operation[] = [];
  for (const [path, methods] of Object.entries(isObject(document.paths) ? document.paths : {})) {
    for (const [method, definition] of Object.entries(isObject(methods) ? methods : {})) {
      if (!isObject(definition)) continue;
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
      const source = path
        .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
        .replace(/\{([^}]+)\}/g, (_, name: string) => (greedy.has(name) ? '(.+)' : '([^/]+)'));
      operations.push({
        id: asText(definition.operationId),
        method: method.toUpperCase(),
        definition,
        onUploadsHost: definition.servers !== undefined,
        pattern: new RegExp(`^${source}$`),
        names,
      });
    }
  }
  // Fewer parameters and more literal text first: /releases/latest before /releases/{release_id}.
  return operations.sort(
    (a, b) => a.names.length - b.names.length || b.pattern.source.length - a.pattern.source.length,
  );
}

function jsonSchemaOf(holder: JsonObject): Json | undefined {
  const content = holder.content;
  const media = isObject(content) ? content['application/json'] : undefined;
  return isObject(media) ? media.schema : undefined;
}

function readQuery(given: string, schema: JsonObject): Json {
  const { type } = schema;
  if (type === 'integer' || type === 'number') return Number(given);
  if (type === 'boolean') return given === 'true' ? true : given === 'false' ? false : given;
  return type === 'array' ? given.split(',') : given;
}
