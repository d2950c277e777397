import { z } from 'zod';
import type { Fault, Place } from '../errors/user-error.ts';
import { meant } from './synonyms.ts';
import { allowedName, kindFix, percentFix, quoted } from './value-fixes.ts';

type PlaceOf = (path: readonly PropertyKey[]) => Place;

/** Turns zod's issues into faults that name the key, its place, the nearest valid key or value, and the fix. */
export function faultsOf(error: z.ZodError, schema: z.ZodType, placeOf: PlaceOf): Fault[] {
  return error.issues.flatMap((issue) => describe(issue, schema, placeOf));
}

function describe(issue: z.core.$ZodIssue, schema: z.ZodType, placeOf: PlaceOf): Fault[] {
  const key = placeOf(issue.path).name ?? 'the file';
  const fault = (message: string, fix: string, path = issue.path): Fault => ({
    code: 'CONFIG_INVALID',
    message,
    at: placeOf(path),
    fix,
  });
  const missing = (expected: string): Fault => {
    const line = examples[key] ?? `${key.slice(key.lastIndexOf('.') + 1)}: ${expected}`;
    return fault(`"${key}" is missing`, `Add it: ${line}.`);
  };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((unknown) => {
        const valid = keysAt(schema, issue.path);
        const owner = placeOf(issue.path).name;
        return fault(
          `unknown key "${unknown}" ${owner === undefined ? 'at the top level' : `in "${owner}"`}`,
          unknownKeyFix(unknown, valid, blockOf(schema, issue.path, unknown), issue.path),
          [...issue.path, unknown],
        );
      });
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (issue.input === undefined) return [missing(values.join(' or '))];
      const close = typeof issue.input === 'string' ? meant(issue.input, values) : undefined;
      return [
        fault(
          `"${key}" can not be ${JSON.stringify(issue.input)}`,
          `${close === undefined ? '' : `Did you mean "${close}"? `}Valid: ${values.join(', ')}.`,
        ),
      ];
    }
    case 'invalid_type': {
      const expected = kindWords[issue.expected] ?? issue.expected;
      if (issue.input === undefined) return [missing(expected)];
      return [
        fault(`"${key}" must be ${expected}, not ${quoted(issue.input)}`, kindFix(expected, issue.input)),
      ];
    }
    case 'too_small':
    case 'too_big':
      return [fault(`"${key}" is out of range: ${JSON.stringify(issue.input)}`, rangeFix(issue))];
    case 'invalid_key':
      return [nameFault(String(issue.path.at(-1)), issue.issues, fault)];
    case 'invalid_union': {
      const block = issue.errors.find((errors) => errors.every(isInside));
      if (block)
        return block.flatMap((inner) =>
          describe({ ...inner, path: [...issue.path, ...inner.path] }, schema, placeOf),
        );
      return [fault(`"${key}" can not be ${JSON.stringify(issue.input)}`, unionFix(issue))];
    }
    default:
      if (issue.code === 'custom' && typeof issue.params?.['fix'] === 'string')
        return [fault(`"${key}" ${issue.message}`, issue.params['fix'])];
      return [
        fault(
          `"${key}" ${issue.message}, not ${JSON.stringify(issue.input)}`,
          key === 'model' ? renameFix(String(issue.input)) : 'Change the value to fit.',
        ),
      ];
  }
}

function unknownKeyFix(
  key: string,
  valid: readonly string[],
  block: string | undefined,
  path: readonly PropertyKey[],
): string {
  if (block !== undefined) return `It belongs below \`${block}\`: write it there, two spaces further in.`;
  const close = meant(key, valid);
  if (close !== undefined) return `Did you mean "${close}"?`;
  const isCandidate = path.length === 2 && path[0] === 'candidates';
  const parameter = isCandidate ? `A parameter of the trainer stands below params: { ${key}: … }. ` : '';
  return `${parameter}Valid keys: ${valid.join(', ') || 'none'}.`;
}

/** The value is of that option's kind, and only something in it is wrong. */
function isInside({ path, code }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'custom' || code === 'unrecognized_keys';
}

/** A name breaks its pattern and its length at once: the pattern says it all. */
function nameFault(
  name: string,
  issues: readonly z.core.$ZodIssue[],
  fault: (message: string, fix: string) => Fault,
): Fault {
  const issue = issues.find(({ code }) => code === 'invalid_format') ?? issues[0];
  if (issue?.code === 'too_small' || issue?.code === 'too_big')
    return fault(`the name "${name}" has the wrong length`, rangeFix(issue));
  return fault(`the name "${name}" ${issue?.message ?? 'is not allowed'}`, renameFix(name));
}

function renameFix(name: string): string {
  const allowed = allowedName(name);
  return allowed === undefined ? 'Rename it.' : `Rename it, for example ${allowed}.`;
}

/** What to write where a key that every configuration needs is missing. */
const examples: Readonly<Record<string, string>> = {
  version: 'version: 1',
  model: 'model: churn, a name of your choice that versions are tagged with',
  data: 'data: { source: data/customers.csv, target: churned }',
  'data.source': 'source: data/customers.csv, the path of your CSV file, below data',
  'data.target': 'target: churned, the column to predict, below data',
};

const kindWords: Record<string, string> = {
  object: 'a block of keys',
  record: 'a block of keys',
  array: 'a list',
  tuple: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function rangeFix(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  if (issue.code === 'too_small')
    return `Use ${issue.inclusive ? 'at least' : 'more than'} ${String(issue.minimum)}${unit}.`;
  const most = `Use ${issue.inclusive ? 'at most' : 'less than'} ${String(issue.maximum)}${unit}.`;
  return `${most}${percentFix(issue.input, issue.maximum)}`;
}

function unionFix(issue: z.core.$ZodIssueInvalidUnion): string {
  const options = issue.errors.flatMap((errors) =>
    errors.slice(0, 1).map((error) => {
      if (error.code === 'invalid_value')
        return error.values.map((value) => `"${String(value)}"`).join(' or ');
      if (error.code === 'invalid_type') return kindWords[error.expected] ?? error.expected;
      return `a text that ${error.message}`;
    }),
  );
  return `Write ${[...new Set(options)].join(', or ')}.`;
}

/** Keys of the object schema at a path, looking through optional, default and record wrappers. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let current: unknown = unwrap(schema);
  for (const key of path) {
    if (current instanceof z.ZodObject) current = unwrap(current.shape[String(key)]);
    else if (current instanceof z.ZodRecord) current = unwrap(current.valueType);
    else if (current instanceof z.ZodArray) current = unwrap(current.element);
    else return [];
  }
  if (current instanceof z.ZodUnion)
    current = current.options.map(unwrap).find((option) => option instanceof z.ZodObject);
  if (current instanceof z.ZodRecord && current.keyType instanceof z.ZodEnum)
    return current.keyType.options.map(String);
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

/** The block below `path`, at most two levels down, that has this key: it was most likely indented too little. */
function blockOf(schema: z.ZodType, path: readonly PropertyKey[], key: string): string | undefined {
  const below = keysAt(schema, path).map((name) => [...path, name]);
  const deeper = below.flatMap((block) => keysAt(schema, block).map((name) => [...block, name]));
  return [...below, ...deeper]
    .find((block) => keysAt(schema, block).includes(key))
    ?.map(String)
    .join('.');
}

function unwrap(schema: unknown): unknown {
  let current = schema instanceof z.ZodPipe ? schema.in : schema;
  while (
    current instanceof z.ZodOptional ||
    current instanceof z.ZodDefault ||
    current instanceof z.ZodPrefault ||
    current instanceof z.ZodNullable
  )
    current = current.unwrap();
  return current;
}
