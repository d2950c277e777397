import { resolve } from 'node:path';
import type { CommandSource } from '../../config/data-source.ts';
import { wordsOf } from '../../config/words.ts';
import { UserError } from '../../errors/user-error.ts';
import { runChild } from '../../platform/child-process.ts';
import { isLink, isRegularFile, matchFiles } from '../../platform/files.ts';
import { callOf, ProgramFailure, requireGoodEnd } from '../command/program.ts';

/** What ran in this process: preparing happens several times in a run, fetching once for each checkout. */
const fetched = new Map<string, Promise<void>>();

/**
 * Runs the program that fetches the data, once a process and folder.
 * @throws UserError DATA_NEEDS_SECRET where a variable that it needs isn't set, DATA_COMMAND where it doesn't end well
 */
export async function fetchByCommand(source: CommandSource, folder: string): Promise<void> {
  const key = JSON.stringify([resolve(folder), source]);
  const running = fetched.get(key) ?? runOnce(source, folder);
  fetched.set(key, running);
  return running;
}

async function runOnce(source: CommandSource, folder: string): Promise<void> {
  const { command, env, output } = source;
  const absent = env.find((name) => !process.env[name]);
  if (absent !== undefined) throw needsSecret(absent, command, output);
  const timeoutMinutes = source['timeout-minutes'];
  const call = callOf(wordsOf(command), { env, timeoutMinutes }, folder, {});
  try {
    requireGoodEnd(call, await runChild(call.request));
  } catch (error) {
    if (!(error instanceof ProgramFailure)) throw error;
    throw failed(error, call.lines, output);
  }
  const path = resolve(folder, output);
  const isThere = (await isRegularFile(path)) || (await isLink(path));
  if (!isThere && (await matchFiles(folder, output)).length === 0)
    throw new UserError({
      code: 'DATA_COMMAND',
      message: `\`${command}\` ended well but left no file ${output}`,
      at: { file: output, name: 'data.source' },
      fix: 'Paths of `output` are relative to the folder of the configuration, and so is what the program writes.',
    });
}

/** Nobody sees the output of a program that ends well; of one that doesn't, the last lines say most. */
function failed(
  { message, fix, cause }: ProgramFailure,
  lines: readonly string[],
  output: string,
): UserError {
  const said = lines.filter((line) => line.trim() !== '').slice(-10);
  return new UserError({
    code: 'DATA_COMMAND',
    message,
    at: { file: output, name: 'data.source' },
    fix: [
      fix.replace(/^Read its whole output under logs\/, and run/, 'Run'),
      ...said.map((line) => `> ${line}`),
    ].join('\n         '),
    cause,
  });
}

function needsSecret(name: string, command: string, output: string): UserError {
  return new UserError({
    code: 'DATA_NEEDS_SECRET',
    message: `\`${command}\` needs the variable ${name}, which is not set`,
    at: { file: output, name: 'data.source' },
    fix:
      `Give it to the steps of the factory: env: { ${name}: "\${{ secrets.${name} }}" }. ` +
      'Pull requests from forks and from Dependabot get no secrets: for these, data must be committed or public.',
  });
}
