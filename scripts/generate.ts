/**
 * Writes every generated file: JSON Schemas in `schema/`, the tables of inputs and outputs in READMEs, the table of
 * rooms. With `--check` it writes nothing and fails when a file isn't current.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { createConfigSchema } from '../src/config/schema.ts';
import * as contracts from '../src/contracts/index.ts';
import { catalogue } from '../src/factory/catalogue.ts';
import { configurationTable, metricList, trainerTables } from './configuration-reference.ts';
import { rooms } from './rooms.ts';
import { troubleshootingSections } from './troubleshooting.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const stale = new Set<string>();

function emit(path: string, text: string): void {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  stale.add(path);
  if (check) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Replaces what stands between `<!-- name-start -->` and `<!-- name-end -->`. */
function fill(path: string, name: string, content: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  const [start, end] = [`<!-- ${name}-start -->`, `<!-- ${name}-end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0) return;
  emit(path, `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`);
}

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): string =>
  `${JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), null, 2)}\n`;

emit('schema/model-factory.schema.json', jsonSchema(createConfigSchema(catalogue), 'input'));
for (const { name, major, schema } of Object.values(contracts.documents))
  emit(`schema/${name}.${major}.schema.json`, jsonSchema(schema, 'output'));

interface ActionFile {
  readonly inputs?: Record<string, { description: string; required?: boolean; default?: string }>;
  readonly outputs?: Record<string, { description: string }>;
}

const escape = (text: string): string => text.replaceAll('|', '\\|');

function actionTables({ inputs = {}, outputs = {} }: ActionFile): string {
  const inputRows = Object.entries(inputs).map(([name, input]) => {
    const fallback = input.required ? 'required' : input.default ? `\`${escape(input.default)}\`` : '';
    return `| \`${name}\` | ${escape(input.description)} | ${fallback} |`;
  });
  const outputRows = Object.entries(outputs).map(
    ([name, { description }]) => `| \`${name}\` | ${escape(description)} |`,
  );
  return [
    '| input | what it is | default |',
    '| --- | --- | --- |',
    ...inputRows,
    '',
    '| output | what it is |',
    '| --- | --- |',
    ...outputRows,
  ].join('\n');
}

const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
for (const folder of ['.', ...folders.map(({ name }) => name)]) {
  const action = join(root, folder, 'action.yml');
  const readme = join(folder, 'README.md');
  if (existsSync(action) && existsSync(join(root, readme)))
    fill(readme, 'action', actionTables(parse(readFileSync(action, 'utf8')) as ActionFile));
}

const roomRows = Object.entries(rooms)
  .filter(([room]) => !['errors', 'numeric', 'contracts'].includes(room))
  .map(([room, { holds, mayImport, pure, exact }]) => {
    const imports = mayImport.filter((other) => !['errors', 'numeric', 'contracts'].includes(other));
    const traits = [pure && 'pure', exact && 'exact'].filter(Boolean).join(', ');
    return `| \`${room}\` | ${holds}${traits && ` (${traits})`} | ${imports.map((name) => `\`${name}\``).join(' ') || 'leaves only'} |`;
  });
fill(
  'docs/architecture.md',
  'rooms',
  ['', '| room | holds | may import |', '| --- | --- | --- |', ...roomRows, ''].join('\n'),
);

fill('docs/configuration.md', 'configuration', configurationTable());
fill('docs/configuration.md', 'metrics', `\n${metricList()}\n`);
fill('docs/configuration.md', 'trainers', trainerTables());

const { errors, notices } = troubleshootingSections(join(root, 'src'));
fill('docs/troubleshooting.md', 'errors', errors);
fill('docs/troubleshooting.md', 'notices', notices);

if (stale.size) console.log(`${check ? 'not current' : 'written'}: ${[...stale].join(', ')}`);
if (check && stale.size) {
  console.log('Run `npm run docs` and commit the result.');
  process.exitCode = 1;
}
