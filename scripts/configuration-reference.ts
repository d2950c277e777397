/**
 * The tables of `docs/configuration.md`, from the JSON Schema of `model-factory.yml` and of each trainer's parameters.
 */
import { z } from 'zod';
import { createConfigSchema } from '../src/config/schema.ts';
import { catalogue } from '../src/factory/catalogue.ts';
import { tensorflow } from '../src/factory/tensorflow/params.ts';
import { composedTrainers } from '../src/training/composed-trainers.ts';
import { trainers } from '../src/training/trainers.ts';

/** The part of JSON Schema that zod writes for the configuration. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly default?: unknown;
  readonly description?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/(?<=^[^`]*)</g, '&lt;')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly string[]): string =>
  ['', row(...head), row(...head.map(() => '---')), ...rows, ''].join('\n');

const schemaOf = (schema: z.ZodType): Schema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;

/** Every key of the configuration in the order of the file: key, type, default, meaning. */
export function configurationTable(): string {
  return table(['key', 'value', 'default', 'meaning'], keyRows(schemaOf(createConfigSchema(catalogue)), ''));
}

function keyRows({ properties = {}, required = [] }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = `${prefix}${key}`;
    const fallback = required.includes(key) ? 'required' : defaultOf(schema);
    return [
      row(`\`${path}\``, describeType(schema), fallback, schema.description ?? ''),
      ...nestedRows(schema, path),
    ];
  });
}

function nestedRows(schema: Schema, path: string): string[] {
  const blocks = [schema, ...(schema.anyOf ?? [])];
  return blocks.flatMap((block) => {
    const entry = typeof block.additionalProperties === 'object' ? block.additionalProperties : {};
    return [...keyRows(block, `${path}.`), ...keyRows(entry, `${path}.<name>.`)];
  });
}

/** One table for each trainer: parameter, range, default, meaning. */
export function trainerTables(): string {
  return [...trainers.values(), ...composedTrainers.values(), tensorflow]
    .map(({ name, tasks, params }) => {
      const { properties = {} } = schemaOf(params);
      const rows = Object.entries(properties).map(([key, schema]) =>
        row(`\`${key}\``, describeType(schema), defaultOf(schema), schema.description ?? ''),
      );
      const parameters = rows.length
        ? table(['parameter', 'range', 'default', 'meaning'], rows)
        : '\nNo parameters.\n';
      return `\n### \`${name}\`\n\nTasks: ${tasks.join(', ')}.\n${parameters}`;
    })
    .join('');
}

function defaultOf(schema: Schema): string {
  if (schema.default === undefined) return '';
  const text = JSON.stringify(schema.default);
  return text === '{}' || text === '[]' ? '' : `\`${text}\``;
}

function describeType(schema: Schema): string {
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(describeType))].join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum?.join() === catalogue.metrics.join()) return 'a [metric](#metrics)';
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${describeType(schema.items ?? {})}`;
  if (schema.type === 'object') return schema.properties === undefined ? 'mapping' : 'block';
  if (schema.type === 'string') return schema.pattern?.includes('%') === true ? 'percentage' : 'text';
  if (schema.type === 'integer' || schema.type === 'number')
    return [schema.type === 'integer' ? 'whole number' : 'number', rangeOf(schema)].filter(Boolean).join(' ');
  return [schema.type ?? 'any value'].flat().join(' or ');
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const unlimited = Number.MAX_SAFE_INTEGER;
  const top = maximum === unlimited ? undefined : maximum;
  const parts = [
    minimum === undefined || minimum === -unlimited ? '' : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? '' : `> ${exclusiveMinimum}`,
    top === undefined ? '' : `≤ ${top}`,
    exclusiveMaximum === undefined ? '' : `< ${exclusiveMaximum}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** Every metric that `metrics` and `gate` may name. */
export function metricList(): string {
  return catalogue.metrics.map((name) => `\`${name}\``).join(', ');
}
