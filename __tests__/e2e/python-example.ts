import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDocument } from '../../src/contracts/document.ts';
import { verdictDocument, type Verdict } from '../../src/contracts/verdict.ts';
import { pythonBin } from './python.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of an example in a repository of its own. */
export interface PythonExample {
  readonly folder: string;
  /** Asks the default branch's question, with the history in `history/`. */
  readonly judge: () => Verdict;
  readonly remove: () => void;
}

/** Copies an example that needs Python, with a configuration that trains less. */
export function openExample(name: string, quicken: (config: string) => string): PythonExample {
  const folder = mkdtempSync(join(tmpdir(), 'model-factory-python-'));
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  mkdirSync(join(folder, 'node_modules'));
  for (const own of ['onnxruntime-node', 'onnxruntime-common'])
    symlinkSync(join(root, 'node_modules', own), join(folder, 'node_modules', own));
  const configFile = join(folder, 'model-factory.yml');
  writeFileSync(configFile, quicken(readFileSync(configFile, 'utf8')));
  const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.org'];
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...identity, ...args]);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Begin');
  const judge = (): Verdict => {
    const args = [join(root, 'dist/cli.js'), 'run', '--ledger', 'history', '--promote'];
    const env = { PATH: `${pythonBin}:${process.env.PATH ?? ''}`, HOME: folder };
    const ran = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`${ran.stdout}\n${ran.stderr}`);
    const text = readFileSync(join(folder, 'model-factory-out/verdict.json'), 'utf8');
    return readDocument(verdictDocument, text, 'verdict.json');
  };
  return { folder, judge, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
