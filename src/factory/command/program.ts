import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Program } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { childEnvironment } from '../../platform/child-environment.ts';
import type { ChildOutcome, ChildRequest } from '../../platform/child-process.ts';

/** Folders that a program is given for one task: what it reads, what it writes. */
export interface ProgramFolders {
  readonly root: string;
  readonly in: string;
  readonly out: string;
  /** Where `predict` finds what training left. */
  readonly model: string;
}

/** Name of the file with the predictions, in the program's `FACTORY_OUT`. */
export const predictionsCsv = 'predictions.csv';

/** Lines that a failure repeats from what the program printed. */
const lastLines = 20;

/** Fresh folders outside the checkout, filled with what the program reads; `removeFolders` takes them away. */
export function makeFolders(files: Readonly<Record<string, string | Uint8Array>>): ProgramFolders {
  const root = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'model-factory-command-'));
  const folders = { root, in: join(root, 'in'), out: join(root, 'out'), model: join(root, 'model') };
  for (const folder of [folders.in, folders.out, folders.model]) mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return folders;
}

export function removeFolders({ root }: ProgramFolders): void {
  rmSync(root, { recursive: true, force: true, maxRetries: 3 });
}

/** Variables of languages, libraries and devices that programs of this kind need; none of them is a secret. */
const toolVariables =
  /^(pythonLocation|PYTHON\w*|VIRTUAL_ENV|CONDA_\w+|R_\w+|JULIA_\w+|JAVA_HOME|(CUDA|NVIDIA|ROCM|HIP|HSA)_\w+|(OMP|OPENBLAS|MKL|BLIS|NUMEXPR|LOKY)_\w+)$/;

/** Lines kept of a program that talks without end: the first and the last ones. */
const mostLines = 5000;
/** Longer lines are cut. */
const longestLine = 2000;

/** A program to be run, with the lines that it prints as they come. */
export interface ProgramCall {
  readonly request: ChildRequest;
  readonly lines: readonly string[];
  /** How messages name it. */
  readonly title: string;
}

/** The call of a program in the configuration's folder, with the paths that it is told and no token in its environment. */
export function callOf(
  words: readonly [string, ...string[]],
  { env, timeoutMinutes }: Pick<Program, 'env' | 'timeoutMinutes'>,
  folder: string,
  paths: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => undefined,
): ProgramCall {
  const tools = Object.keys(process.env).filter((name) => toolVariables.test(name));
  const environment = childEnvironment(process.env, [...tools, ...env], {
    // What a program prints must be in the log when it is killed.
    PYTHONUNBUFFERED: '1',
    ...paths,
  });
  const lines: string[] = [];
  const take = (line: string): void => {
    if (lines.length >= mostLines) lines.splice(mostLines / 2, 1);
    lines.push(line.slice(0, longestLine));
    onLine(line.slice(0, longestLine));
  };
  return {
    request: { words, folder, environment, timeLimitMs: timeoutMinutes * 60_000, onLine: take },
    lines,
    title: words.join(' '),
  };
}

/** A program that ended badly, with the last lines that it printed. */
export class ProgramFailure extends UserError {
  readonly output: readonly string[];

  constructor(message: string, fix: string, lines: readonly string[]) {
    super({ code: 'COMMAND_FAILED', message, fix });
    this.output = lines.slice(-lastLines);
  }
}

/** @throws ProgramFailure where the program didn't end well */
export function requireGoodEnd(
  { request: { words, timeLimitMs }, lines, title }: ProgramCall,
  end: ChildOutcome,
): void {
  const fail = (how: string, fix: string): never => {
    throw new ProgramFailure(`\`${title}\` ${how}`, fix, lines);
  };
  const look = 'Read its whole output under logs/, and run the same command on your machine.';
  const said = lines.filter((line) => line.trim() !== '');
  const last = said.findLast((line) => /error|exception|fatal/i.test(line)) ?? said.at(-1);
  const saying = last === undefined ? '' : `, saying: ${last.trim()}`;
  switch (end.kind) {
    case 'ended':
      if (end.code !== 0) fail(`ended with exit code ${end.code}${saying}`, look);
      return;
    case 'killed':
      return fail(`was killed (${end.signal})`, 'Often memory ran out: use a larger runner, or fewer rows.');
    case 'timed-out':
      return fail(
        `took longer than ${timeLimitMs / 60_000} minutes and was ended`,
        'Make it faster, or raise timeout-minutes.',
      );
    case 'not-started':
      return end.reason === 'ENOENT'
        ? fail(
            `can not start: ${words[0]} is not here`,
            `Install it in an earlier step of the job, or correct the name.`,
          )
        : fail(
            `can not start (${end.reason})`,
            'Make the file executable, or name the program that runs it.',
          );
  }
}

/** The predictions file of a program that ended well. @throws UserError COMMAND_OUTPUT */
export function requirePredictions({ out }: ProgramFolders, words: readonly string[]): Uint8Array {
  try {
    return readFileSync(join(out, predictionsCsv));
  } catch {
    throw new UserError({
      code: 'COMMAND_OUTPUT',
      message: `\`${words.join(' ')}\` ended well but wrote no ${predictionsCsv}`,
      fix: `Write $FACTORY_OUT/${predictionsCsv}; docs/command-candidates.md shows how.`,
    });
  }
}
