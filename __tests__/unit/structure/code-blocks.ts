import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseOptions } from '../../../src/cli/arguments.ts';
import { commands } from '../../../src/cli/commands.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { formatUserError, UserError } from '../../../src/errors/user-error.ts';
import { catalogue } from '../../../src/factory/catalogue.ts';
import { read, root } from './sources.ts';

/** A fenced block of a page. */
export interface CodeBlock {
  readonly page: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
  /** Empty where the fence names none. */
  readonly language: string;
  /** Source file that the block quotes, from the root; empty where the fence names none. */
  readonly source: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order; those inside lists lose their indent. */
export function codeBlocks(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  interface Open extends Omit<CodeBlock, 'page' | 'text'> {
    readonly indent: string;
    readonly fence: string;
    readonly lines: string[];
  }
  let open: Open | null = null;
  for (const [index, line] of read(page).split('\n').entries()) {
    const [, indent = '', fence = '', language = '', source = ''] =
      /^( *)(`{3,}|~{3,})\s*(\S*)\s*(.*)/.exec(line) ?? [];
    if (open === null) {
      if (fence !== '') open = { line: index + 1, language, source, indent, fence, lines: [] };
    } else if (fence.startsWith(open.fence) && language === '') {
      const { line: first, language: own, source: quoted, lines } = open;
      blocks.push({ page, line: first, language: own, source: quoted, text: lines.join('\n') });
      open = null;
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  if (open !== null) throw new Error(`${page}:${open.line}: the block is not closed`);
  return blocks;
}

/** What is wrong with a block, or null. `text` is for what a program prints. */
export function faultOf({ language, text, page, source }: CodeBlock): string | null {
  switch (language) {
    case 'yaml':
      return yamlFault(text, page);
    case 'json':
      return attempt(() => void JSON.parse(text));
    case 'sh':
      return shellFault(text, page);
    case 'ts':
      return quotationFault(source, text);
    case 'mermaid':
    case 'text':
      return null;
    default:
      return `the language "${language}" is none of yaml, json, sh, ts, text, mermaid`;
  }
}

/** A block of code has to stand in the source file that its fence names, line for line. */
function quotationFault(source: string, text: string): string | null {
  if (!/^src\/[\w/.-]+\.ts$/.test(source)) return 'a block of ts names the file that it quotes: ts src/…';
  if (!existsSync(join(root, source))) return `there is no ${source}`;
  return `\n${read(source)}`.includes(`\n${text}\n`) ? null : `${source} does not hold these lines`;
}

function attempt(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return error instanceof UserError ? formatUserError(error) : String(error);
  }
}

const step = z.strictObject({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  env: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  'working-directory': z.string().optional(),
  'continue-on-error': z.boolean().optional(),
});
const job = z.looseObject({ 'runs-on': z.string(), steps: z.array(step).min(1) });
/** What a page says of a job whose rest it has shown before; actionlint checks whole workflows. */
const partOfJob = z.looseObject({ steps: z.array(step).default([]) });
const workflow = z.looseObject({ jobs: z.record(z.string(), partOfJob) });
const dependabot = z.strictObject({
  version: z.literal(2),
  updates: z.array(
    z.looseObject({ 'package-ecosystem': z.string(), schedule: z.object({ interval: z.string() }) }),
  ),
});
const actionFile = z.object({
  inputs: z
    .record(z.string(), z.object({ required: z.boolean().optional(), default: z.unknown().optional() }))
    .default({}),
});

/** A workflow, jobs of one, steps of one, a Dependabot file, or a configuration or part of one. */
function yamlFault(text: string, page: string): string | null {
  return attempt(() => {
    const value: unknown = parse(text, { uniqueKeys: true });
    const keys = Array.isArray(value) ? [] : Object.keys(z.record(z.string(), z.unknown()).parse(value));
    const jobs = z.record(z.string(), job).safeParse(value);
    if (Array.isArray(value)) checkSteps(z.array(step).parse(value));
    else if (keys.includes('jobs')) checkJobs(workflow.parse(value).jobs);
    else if (keys.includes('updates')) dependabot.parse(value);
    else if (jobs.success) checkJobs(jobs.data);
    else loadConfig(keys.includes('version') ? text : completed(text, keys), page, catalogue);
  });
}

/** A part of a configuration with the keys that every one needs. */
function completed(text: string, keys: readonly string[]): string {
  const needed = ['version: 1', 'model: example', 'data: { source: rows.csv, target: y }'];
  return [...needed.filter((line) => !keys.includes(line.split(':')[0]!)), text].join('\n');
}

function checkJobs(jobs: Readonly<Record<string, z.infer<typeof partOfJob>>>): void {
  for (const { steps } of Object.values(jobs)) checkSteps(steps);
}

/** Our own actions exist, take these inputs, and get those that they need. */
function checkSteps(steps: readonly z.infer<typeof step>[]): void {
  for (const { uses, run, with: given = {} } of steps) {
    if ((uses === undefined) === (run === undefined)) throw new Error('a step has either `uses` or `run`');
    const own = /^OWNER\/model-factory(?:\/([a-z]+))?@v1$/.exec(uses ?? '');
    if (own === null) continue;
    const file = own[1] === undefined ? 'action.yml' : `${own[1]}/action.yml`;
    const { inputs } = actionFile.parse(parse(read(file)));
    const unknown = Object.keys(given).filter((name) => !(name in inputs));
    if (unknown.length > 0) throw new Error(`${file} has no input ${unknown.join(', ')}`);
    const needed = Object.entries(inputs).filter(
      ([name, { required }]) => required === true && !(name in given),
    );
    if (needed.length > 0) throw new Error(`${uses} needs ${needed.map(([name]) => name).join(', ')}`);
  }
}

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

/** Programs that the pages may name and that this test can't know better. */
const others = new Set([
  'apt-get',
  'cd',
  'cp',
  'curl',
  'docker',
  'dvc',
  'gh',
  'git',
  'mkdir',
  'pip',
  'python',
]);

function shellFault(text: string, page: string): string | null {
  const lines = text.replaceAll(/\\\n\s*/g, ' ').split('\n');
  const faults = lines
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/&&|\|\|?|;/))
    .map((command) => command.trim().split(/\s+/))
    .filter(([program]) => program !== '')
    .flatMap((words) => commandFault(words, page) ?? []);
  return faults.length === 0 ? null : faults.join('\n');
}

function commandFault(words: readonly string[], page: string): string | null {
  const [program = '', ...rest] = words;
  if (program === 'npx') return commandFault(rest, page);
  if (program === 'npm') return npmFault(rest);
  if (program === 'node') return nodeFault(rest, page);
  if (program === 'model-factory') return verbFault(rest);
  return others.has(program) ? null : `nobody knows the program ${program}`;
}

/** The script is there, seen from the root or from the page's folder. */
function nodeFault([script = '']: readonly string[], page: string): string | null {
  const there = [root, join(root, dirname(page))].some((folder) => existsSync(join(folder, script)));
  return there ? null : `there is no ${script} to run`;
}

function npmFault([verb = '', script = '']: readonly string[]): string | null {
  if (verb === 'run') return script in scripts ? null : `package.json has no script ${script}`;
  return ['ci', 'install', 'test', 'pack'].includes(verb) ? null : `npm ${verb} is not known here`;
}

/** The verb exists, and so do the options. */
function verbFault(words: readonly string[]): string | null {
  if (['--version', '--help'].includes(words[0] ?? '')) return null;
  const found = [...commands]
    .sort((a, b) => b.name.length - a.name.length)
    .find(({ name }) => `${words.join(' ')} `.startsWith(`${name} `));
  if (!found) return `model-factory has no verb ${words[0] ?? ''}`;
  const rest = words.slice(found.name.split(' ').length);
  return attempt(() => void parseOptions(rest, found.options));
}
