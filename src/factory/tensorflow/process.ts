import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument, writeDocument } from '../../contracts/document.ts';
import type { Program } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { callOf, type ProgramCall, type ProgramFolders } from '../command/program.ts';
import {
  exchange,
  floatBytes,
  floatsOf,
  layersAnswer,
  layersTask,
  type LayersAnswer,
  type LayersTask,
} from './exchange.ts';

/** File that calls `serveLayers`: a stub beside the bundle; in a checkout a file of this folder. */
function entry(): string {
  const stub = join(import.meta.dirname, 'tensorflow.js');
  return existsSync(stub) ? stub : join(import.meta.dirname, 'main.ts');
}

/** What the process reads. */
export function taskFiles(
  task: Omit<LayersTask, 'schema'>,
  x: Float32Array,
): Record<string, string | Uint8Array> {
  return {
    [`in/${exchange.task}`]: writeDocument(layersTask, { schema: 'layers-task/1', ...task }),
    [`in/${exchange.features}`]: floatBytes(x),
  };
}

/** The call of the process; `folder` is where it finds modules, and `title` what messages call it. */
export function layersCall(
  { env, timeoutMinutes }: Pick<Program, 'env' | 'timeoutMinutes'>,
  folder: string,
  folders: ProgramFolders,
  title: string,
  onLine?: (line: string) => void,
): ProgramCall {
  const paths = {
    FACTORY_IN: folders.in,
    FACTORY_OUT: folders.out,
    // The native library talks at length about the processor.
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
  const words = [process.execPath, '--no-warnings', entry()] as const;
  return { ...callOf([...words], { env, timeoutMinutes }, folder, paths, onLine), title };
}

export interface Answer extends Extract<LayersAnswer['outcome'], { kind: 'done' }> {
  readonly predictions: Float32Array;
}

/**
 * What a process that ended well has written.
 * @throws UserError what it said of the user's module
 */
export function readAnswer({ out }: ProgramFolders, title: string): Answer {
  const read = (name: string): Uint8Array => readFileSync(join(out, name));
  if (!existsSync(join(out, exchange.answer)))
    throw new UserError({
      code: 'TENSORFLOW_MODULE',
      message: `${title} ended before the model was trained`,
      fix: 'Do not call process.exit in the module.',
    });
  const { outcome } = readDocument(layersAnswer, read(exchange.answer).toString(), exchange.answer);
  if (outcome.kind === 'done') return { ...outcome, predictions: floatsOf(read(exchange.predictions)) };
  throw new UserError(outcome);
}
