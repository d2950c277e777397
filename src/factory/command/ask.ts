import { runChildSync } from '../../platform/child-process-sync.ts';
import {
  makeFolders,
  removeFolders,
  requireGoodEnd,
  type ProgramCall,
  type ProgramFolders,
} from './program.ts';

/** A question to a program: what it reads, how it is called, and what is taken from what it wrote. */
export interface Question<T> {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly call: (folders: ProgramFolders) => ProgramCall;
  readonly take: (folders: ProgramFolders) => T;
}

/**
 * Runs a program in folders of its own while this thread waits.
 * @throws UserError COMMAND_FAILED, or what `take` says
 */
export function askProgram<T>({ files, call, take }: Question<T>): T {
  const folders = makeFolders(files);
  try {
    const made = call(folders);
    requireGoodEnd(made, runChildSync(made.request));
    return take(folders);
  } finally {
    removeFolders(folders);
  }
}
