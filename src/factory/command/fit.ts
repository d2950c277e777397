import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filledWords } from '../../config/program.ts';
import type { Parameters } from '../../contracts/fields.ts';
import type { Program } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { fitsArchive, packFiles } from '../../model/archive.ts';
import { listFiles, readFileOrNull } from '../../platform/files.ts';
import { readProgramPredictions } from './program-predictions.ts';
import { tableFile } from './tables.ts';
import type { Prepared } from '../prepared.ts';
import { checkModel } from './check-model.ts';
import { fitInFolders, rowsOf, type FailedFit, type FittedProgram } from './program-fit.ts';
import { callOf, predictionsCsv, requirePredictions, type ProgramFolders } from './program.ts';

/** One fit of a `command` candidate on one fold, or on all development rows (`fold: null`). */
export interface CommandFit {
  readonly program: Program;
  readonly params: Parameters;
  readonly seed: number;
  readonly fold: number | null;
  /** Rows to learn from where these aren't all of the fold's. */
  readonly train?: Int32Array;
}

/**
 * Runs the program once. It finds `train.csv`, `test.csv` and `params.json` in `FACTORY_IN`, never a hold-out row, and
 * writes `predictions.csv` to `FACTORY_OUT`; the final fit leaves the model there too.
 */
export function runCommandFit(
  prepared: Prepared,
  fit: CommandFit,
  onLine: (line: string) => void,
): Promise<FittedProgram | FailedFit> {
  return fitInFolders(fit.fold, () => {
    const { dataset, folder } = prepared;
    const { train, test } = rowsOf(prepared, fit);
    const { table, inputs, classes, y } = dataset;
    const { target: name, weight } = prepared.config.data;
    const target = { name, classes, y };
    const given = weight === undefined ? inputs : [...inputs, { name: weight }];
    const { tables } = fit.program;
    const words = filledWords(fit.program.run, fit.params);
    return {
      files: {
        ...tableFile('in/train', tables, { table, inputs: given, rows: train, target }),
        ...tableFile('in/test', tables, { table, inputs, rows: test }),
        'in/params.json': `${JSON.stringify(describe(prepared, fit), null, 2)}\n`,
      },
      call: (folders) => {
        const paths = { FACTORY_IN: folders.in, FACTORY_OUT: folders.out };
        return callOf(words, fit.program, folder, paths, onLine);
      },
      take: async (folders) => {
        const bytes = requirePredictions(folders, words);
        const predictions = readProgramPredictions(bytes, predictionsCsv, test.length, dataset);
        const common = { iterations: null, warnings: [] };
        if (fit.fold !== null) return { ...common, predictions, model: null, predictMsPer1k: null };
        const model = await takeModel(folders, fit.program);
        const nothing = new Float64Array(0);
        if (model === null)
          return { ...common, predictions: nothing, model, predictMsPer1k: null, warnings: [unpublishable] };
        const predictMsPer1k = checkModel(prepared, fit.program, model, test, predictions);
        return { ...common, predictions: nothing, model, predictMsPer1k };
      },
    };
  });
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
