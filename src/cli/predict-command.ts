import { resolve } from 'node:path';
import { modelAtPath, modelOfHistory } from '../factory/predict/chosen-model.ts';
import { predictFile } from '../factory/predict/predict.ts';
import { isSameFile, writeResult } from '../platform/files.ts';
import { argumentError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';
import { fileFormatOf, fileFormatOptions } from './file-format.ts';
import { historyOf, ledgerOptions } from './history-source.ts';

/** Predictions of a model for the rows of a file. */
export const predictCommand: Command = {
  name: 'predict',
  summary: 'Predict the rows of a CSV or Parquet file with a model file or a released version.',
  positionals: '<model.onnx|folder|NAME[@vX.Y.Z]>',
  options: {
    data: { value: 'FILE', help: 'rows to predict, with the columns that the model was trained on' },
    out: { value: 'FILE', help: 'CSV file to write (default: print)' },
    with: { value: 'COLUMN', help: 'column of the data to copy, such as a key; may be repeated' },
    ...ledgerOptions,
    ...fileFormatOptions,
    missing: {
      value: 'TEXT',
      help: 'text that means "no value", as does an empty cell; may be repeated (default: NA, null, …)',
    },
  },
  run: async (args, terminal) => {
    const { workingDirectory } = terminal;
    const [model, ...more] = args.positionals;
    const [shown, out, missing] = [args.text('data'), args.text('out'), args.texts('missing')];
    if (model === undefined || shown === undefined || more.length > 0)
      throw argumentError(
        'a model and the data to predict must be named',
        'Write model-factory predict out/model --data FILE.csv.',
      );
    await refuseOverwriting(out, [shown, model], workingDirectory);
    const history = await historyOf(args, terminal);
    const csv = await predictFile({
      chosen: history
        ? await modelOfHistory(model, history)
        : await modelAtPath(resolve(workingDirectory, model), model),
      data: { path: resolve(workingDirectory, shown), shown },
      format: { ...fileFormatOf(args), missing: missing.length > 0 ? ['', ...missing] : undefined },
      copied: args.texts('with'),
      folder: workingDirectory,
    });
    if (out === undefined) terminal.print(csv.trimEnd());
    else await writeResult(resolve(workingDirectory, out), csv);
    return exitCodes.ok;
  },
};

/** @throws UserError ARGUMENT_INVALID where the predictions would take the place of what they are made from */
async function refuseOverwriting(
  out: string | undefined,
  sources: readonly string[],
  folder: string,
): Promise<void> {
  for (const source of out === undefined ? [] : sources)
    if (await isSameFile(resolve(folder, out!), resolve(folder, source)))
      throw argumentError(
        `--out ${out} would replace ${source}, which the predictions are made from`,
        'Name another file.',
      );
}
