import { UserError } from '../../errors/user-error.ts';
import { runChild } from '../../platform/child-process.ts';
import type { Prepared } from '../prepared.ts';
import {
  makeFolders,
  ProgramFailure,
  removeFolders,
  requireGoodEnd,
  type ProgramCall,
  type ProgramFolders,
} from './program.ts';

/** A fit that came to nothing, and what its program printed: all lines, and the last ones for the report. */
export interface FailedFit {
  readonly kind: 'failed';
  readonly code: string;
  readonly message: string;
  readonly output: readonly string[];
  readonly lines: readonly string[];
}

/** What a program's fit left. */
export interface FitYield {
  /** Of the fold's test rows; nothing for the final fit. */
  readonly predictions: Float64Array;
  /** The final fit's model; null where the program left none. */
  readonly model: Uint8Array | null;
  /** Of the final fit's model, start of the program included; null without one. */
  readonly predictMsPer1k: number | null;
  /** Epochs of a net; null where nothing is known about them. */
  readonly iterations: number | null;
  readonly warnings: readonly string[];
}

export interface FittedProgram extends FitYield {
  readonly kind: 'fitted';
  readonly fitMs: number;
  readonly lines: readonly string[];
}

/** A fit made ready: what the program reads, how it is called, and what is taken from what it wrote. */
export interface ProgramFit {
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly call: (folders: ProgramFolders) => ProgramCall;
  readonly take: (folders: ProgramFolders) => Promise<FitYield>;
}

/** Rows on which the final model is compared with what its own program predicts. */
const mostChecked = 1000;

/** Rows that a fit learns from and rows that it is asked about; `fold: null` = the fit on all development rows. */
export function rowsOf(
  { folds, development }: Pick<Prepared, 'folds' | 'development'>,
  { fold, train }: { readonly fold: number | null; readonly train?: Int32Array },
): { readonly train: Int32Array; readonly test: Int32Array } {
  const whole =
    fold === null ? { train: development, test: development.slice(0, mostChecked) } : folds[fold]!;
  return { test: whole.test, train: train ?? whole.train };
}

/** Runs one fit of a program in folders of its own. What is the user's mistake becomes an outcome. */
export async function fitInFolders(
  fold: number | null,
  begin: () => ProgramFit,
): Promise<FittedProgram | FailedFit> {
  let folders: ProgramFolders | null = null;
  let lines: readonly string[] = [];
  let asked: NodeJS.Signals | null = null;
  try {
    const fit = begin();
    folders = makeFolders(fit.files);
    const call = fit.call(folders);
    lines = call.lines;
    const started = performance.now();
    const end = await runChild(call.request);
    const fitMs = performance.now() - started;
    if (end.kind === 'killed') asked = end.asked;
    requireGoodEnd(call, end);
    return { kind: 'fitted', fitMs, lines, ...(await fit.take(folders)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const output = error instanceof ProgramFailure ? error.output : lines.slice(-20);
    const where = fold === null ? 'on all development rows' : `on fold ${fold + 1}`;
    return {
      kind: 'failed',
      code: error.code,
      message: `${where}: ${error.message}. ${error.fix}`,
      output,
      lines,
    };
  } finally {
    if (folders) removeFolders(folders);
    // The run was told to end while the program held the signal: a program that was cut off has not failed.
    if (asked !== null) process.kill(process.pid, asked);
  }
}
