import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument, type Verdict } from '../../src/contracts/verdict.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The built program; `MODEL_FACTORY_CLI=src/cli.ts` tests the sources. */
export const program = resolve(root, process.env['MODEL_FACTORY_CLI'] ?? join('dist', 'cli.js'));

/** 3,000 people of the census, income above 50,000 or not. */
export const adult = readFileSync(join(root, '__tests__/fixtures/data/adult-3000.csv'), 'utf8');

/** The first 800 of them: too few for a test set (hold-out), enough to tell models apart. */
export const people = `${adult.split('\n').slice(0, 801).join('\n')}\n`;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary git repository with a model in it, and its history beside it. */
export class Workspace {
  readonly folder: string;

  constructor(from?: Workspace) {
    this.folder = mkdtempSync(join(tmpdir(), 'model-factory-scenario-'));
    if (from) cpSync(from.folder, this.folder, { recursive: true });
    else this.git('init', '--quiet', '--initial-branch', 'main');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) writeFileSync(this.path(name), content);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  /** Names of the files below a folder, sorted. */
  files(folder: string): string[] {
    if (!existsSync(this.path(folder))) return [];
    const entries = readdirSync(this.path(folder), { withFileTypes: true, recursive: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.path(folder), join(entry.parentPath, entry.name)))
      .sort();
  }

  git(...args: readonly string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): string {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'gc.auto=0'];
    return execFileSync('git', ['-C', this.folder, ...identity, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  }

  /** Writes files and commits what is tracked or new outside `out` and `history`. */
  commit(message: string, files: Readonly<Record<string, string>>): void {
    this.write({ '.gitignore': 'out*\nhistory\n', ...files });
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message', message);
  }

  run(...args: readonly string[]): Ran {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: dirname(this.folder), TMPDIR: tmpdir() },
    });
    return { code: status, stdout, stderr };
  }

  /** Runs the loop and reads the verdict that it left. */
  judge(...args: readonly string[]): Verdict & { readonly code: number | null } {
    const ran = this.run('run', '--out', 'out', '--ledger', 'history', '--workers', '1', ...args);
    if (ran.code !== 0 && ran.code !== 1) throw new Error(`exit code ${ran.code}\n${ran.stderr}`);
    const text = this.read('out/verdict.json').toString();
    return { ...readDocument(verdictDocument, text, 'verdict.json'), code: ran.code };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A configuration of the census model; `more` is YAML below the candidates. */
export function configuration(candidates: string, more = ''): string {
  return [
    'version: 1',
    'model: income',
    'data: { source: people.csv, target: income, positive: ">50K" }',
    'candidates:',
    candidates.replace(/^/gm, '  '),
    more,
  ].join('\n');
}

export const weak = 'linear: { trainer: logistic-regression, params: { C: 0.0005 } }';
export const strong = 'linear: { trainer: logistic-regression }';

/** The table with a column `id` that names each row. */
export function withKey(csv: string): string {
  const [header = '', ...lines] = csv.trimEnd().split('\n');
  return `${[`id,${header}`, ...lines.map((line, i) => `p${(7919 * i) % 3001},${line}`)].join('\n')}\n`;
}

/** The table without some columns. */
export function without(csv: string, ...names: readonly string[]): string {
  const lines = csv.trimEnd().split('\n');
  const header = lines[0]!.split(',');
  const keep = header.map((name) => !names.includes(name));
  return `${lines
    .map((line) =>
      line
        .split(',')
        .filter((_, i) => keep[i])
        .join(','),
    )
    .join('\n')}\n`;
}
