import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filledWords } from '../../config/program.ts';
import type { Parameters } from '../../contracts/fields.ts';
import type { Program } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { fitsArchive, packFiles } from '../../model/archive.ts';
import { runChild } from '../../platform/child-process.ts';
import { listFiles, readFileOrNull } from '../../platform/files.ts';
import { readProgramPredictions, tableCsv } from './tables.ts';
import { openModel } from '../open-model.ts';
import type { Prepared } from '../prepared.ts';
import {
  callOf,
  makeFolders,
  predictionsCsv,
  ProgramFailure,
  removeFolders,
  requireGoodEnd,
  requirePredictions,
  type ProgramFolders,
} from './program.ts';

/** One fit of a `command` candidate on one fold, or on all development rows (`fold: null`). */
export interface CommandFit {
  readonly program: Program;
  readonly params: Parameters;
  readonly seed: number;
  readonly fold: number | null;
  /** Rows to learn from where these aren't all of the fold's. */
  readonly train?: Int32Array;
}

/** A fit that came to nothing, and what its program printed: all lines, and the last ones for the report. */
export interface FailedFit {
  readonly kind: 'failed';
  readonly code: string;
  readonly message: string;
  readonly output: readonly string[];
  readonly lines: readonly string[];
}

export interface FittedProgram {
  readonly kind: 'fitted';
  /** Of the fold's test rows; nothing for the final fit. */
  readonly predictions: Float64Array;
  /** The final fit's model; null where the program left none. */
  readonly model: Uint8Array | null;
  /** Of the final fit's model, start of the program included; null without one. */
  readonly predictMsPer1k: number | null;
  readonly warnings: readonly string[];
  readonly fitMs: number;
  readonly lines: readonly string[];
}

/** Rows on which the final model is compared with what its own program predicts. */
const mostChecked = 1000;
/** What an ONNX file may differ from its program, which computes in float64, and how many rows may differ more. */
const tolerance = { difference: 1e-4, rows: 0.01 } as const;

/**
 * Runs the program once. It finds `train.csv`, `test.csv` and `params.json` in `FACTORY_IN`, never a hold-out row, and
 * writes `predictions.csv` to `FACTORY_OUT`; the final fit leaves the model there too.
 */
export async function runCommandFit(
  prepared: Prepared,
  fit: CommandFit,
  onLine: (line: string) => void,
): Promise<FittedProgram | FailedFit> {
  const { dataset, folds, development, folder } = prepared;
  const rows =
    fit.fold === null ? { train: development, test: development.slice(0, mostChecked) } : folds[fit.fold]!;
  const { train, test } = { ...rows, ...(fit.train && { train: fit.train }) };
  const { table, inputs, classes, y } = dataset;
  const { target: name, weight } = prepared.config.data;
  const target = { name, classes, y };
  const given = weight === undefined ? inputs : [...inputs, { name: weight }];
  const folders = makeFolders({
    'in/train.csv': tableCsv(table, given, train, target),
    'in/test.csv': tableCsv(table, inputs, test),
    'in/params.json': `${JSON.stringify(describe(prepared, fit), null, 2)}\n`,
  });
  let lines: readonly string[] = [];
  let asked: NodeJS.Signals | null = null;
  try {
    const words = filledWords(fit.program.run, fit.params);
    const paths = { FACTORY_IN: folders.in, FACTORY_OUT: folders.out };
    const call = callOf(words, fit.program, folder, paths, onLine);
    lines = call.lines;
    const started = performance.now();
    const end = await runChild(call.request);
    const fitMs = performance.now() - started;
    if (end.kind === 'killed') asked = end.asked;
    requireGoodEnd(call, end);
    const bytes = requirePredictions(folders, words);
    const predictions = readProgramPredictions(bytes, predictionsCsv, test.length, dataset);
    const common = { kind: 'fitted' as const, fitMs, lines };
    if (fit.fold !== null) return { ...common, predictions, model: null, predictMsPer1k: null, warnings: [] };
    const model = await takeModel(folders, fit.program);
    const nothing = new Float64Array(0);
    if (model === null)
      return { ...common, predictions: nothing, model, predictMsPer1k: null, warnings: [unpublishable] };
    const predictMsPer1k = checkModel(prepared, fit.program, model, test, predictions);
    return { ...common, predictions: nothing, model, predictMsPer1k, warnings: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const output = error instanceof ProgramFailure ? error.output : lines.slice(-20);
    const where = fit.fold === null ? 'on all development rows' : `on fold ${fit.fold + 1}`;
    return {
      kind: 'failed',
      code: error.code,
      message: `${where}: ${error.message}. ${error.fix}`,
      output,
      lines,
    };
  } finally {
    removeFolders(folders);
    // The run was told to end while the program held the signal: a program that was cut off has not failed.
    if (asked !== null) process.kill(process.pid, asked);
  }
}

/** Said of a candidate that competes but leaves nothing to release. */
export const unpublishable =
  'It leaves no model: it may compete in a pull request but is never published. Write $FACTORY_OUT/model.onnx in the final fit, or declare `predict`.';

/** `params.json`: all that a program may want to know beside the rows. */
function describe({ dataset, settings, config }: Prepared, { params, seed, fold }: CommandFit) {
  return {
    schema: 'command-fit/1',
    model: config.model,
    fit: fold === null ? 'final' : 'fold',
    fold: fold === null ? null : fold + 1,
    params,
    seed,
    task: dataset.task,
    target: config.data.target,
    classes: dataset.classes,
    positive: settings.positive,
    features: dataset.inputs,
    weight: config.data.weight ?? null,
  };
}

/** What the final fit left: with `predict` the whole folder, else the ONNX file. */
async function takeModel({ out }: ProgramFolders, { predict }: Program): Promise<Uint8Array | null> {
  if (predict === null) return readFileOrNull(join(out, 'model.onnx'));
  const names = (await listFiles(out)).filter((name) => name !== predictionsCsv);
  const strange = names.find((name) => !fitsArchive(name));
  if (strange !== undefined)
    throw new UserError({
      code: 'COMMAND_OUTPUT',
      message: `the model folder holds a file whose name can not be archived: ${strange}`,
      fix: 'Give it a shorter name.',
    });
  const entries = names.map(async (name) => [name, await readFile(join(out, name))] as const);
  return packFiles(new Map(await Promise.all(entries)));
}

/**
 * The model that would be released must predict what the program that made it predicts. Returns the milliseconds that
 * it takes for 1,000 rows.
 */
function checkModel(
  { dataset, folder }: Prepared,
  program: Program,
  model: Uint8Array,
  rows: Int32Array,
  expected: Float64Array,
): number {
  const { task, classes, inputs, table } = dataset;
  const name = program.predict === null ? 'model.onnx' : 'the model folder';
  const started = performance.now();
  const actual = openModel(model, name, { task, classes, inputs, folder, program, pretrained: null }).score(
    table,
    rows,
  );
  const ms = performance.now() - started;
  const outputs = Math.max(classes.length, 1);
  const differ = [...rows.keys()].filter((row) =>
    Array.from({ length: outputs }, (_, k) => row * outputs + k).some((at) => {
      const [a, b] = [actual[at]!, expected[at]!];
      return Math.abs(a - b) > tolerance.difference * Math.max(1, task === 'regression' ? Math.abs(b) : 0);
    }),
  );
  if (differ.length <= tolerance.rows * rows.length) return (ms * 1000) / rows.length;
  const row = differ[0]!;
  const show = (values: Float64Array): string =>
    [...values.subarray(row * outputs, (row + 1) * outputs)].map((value) => value.toPrecision(6)).join(', ');
  throw new UserError({
    code: 'COMMAND_OUTPUT',
    message: `${name} predicts something else than predictions.csv in ${differ.length} of ${rows.length} rows, e.g. row ${row + 1}: ${show(actual)} instead of ${show(expected)}`,
    fix: 'Its probabilities must stand in the order of `classes` in params.json; train on the number of the class, 0, 1, …',
  });
}
