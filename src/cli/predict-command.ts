import { resolve } from 'node:path';
import { modelAtPath, modelOfHistory } from '../factory/predict/chosen-model.ts';
import { predictFile, type PredictRequest } from '../factory/predict/predict.ts';
import { isSameFile, writeResult } from '../platform/files.ts';
import { argumentError, type ParsedArguments } from './arguments.ts';
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
    out: { value: 'FILE', help: 'file to write (default: print)' },
    with: { value: 'COLUMN', help: 'column of the data to copy, such as a key; may be repeated' },
    explain: { help: 'add what each column contributes (linear models and trees)' },
    background: {
      value: 'FILE',
      help: 'with --explain: the training data, which trees are explained against',
    },
    top: {
      value: 'N',
      help: 'with --explain: print the N columns that contribute most to each row, as text',
    },
    json: { help: 'a JSON object for each row instead of CSV' },
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
    const explanation = explanationOf(args, workingDirectory);
    const sources = [shown, model, args.text('background') ?? model];
    await refuseOverwriting(out, sources, workingDirectory);
    const history = await historyOf(args, terminal);
    const text = await predictFile({
      chosen: history
        ? await modelOfHistory(model, history)
        : await modelAtPath(resolve(workingDirectory, model), model),
      data: { path: resolve(workingDirectory, shown), shown, option: '--data' },
      format: { ...fileFormatOf(args), missing: missing.length > 0 ? ['', ...missing] : undefined },
      copied: args.texts('with'),
      folder: workingDirectory,
      ...explanation,
    });
    if (out === undefined) terminal.print(text.trimEnd());
    else await writeResult(resolve(workingDirectory, out), text);
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

/** What is said of each prediction, and how. @throws UserError ARGUMENT_INVALID for options that don't go together */
function explanationOf(
  args: ParsedArguments,
  workingDirectory: string,
): Pick<PredictRequest, 'explain' | 'form'> {
  const [shown, largest] = [args.text('background'), args.integer('top', 1)];
  const isExplained = args.flag('explain');
  const alone = shown !== undefined ? '--background' : largest !== undefined ? '--top' : null;
  if (!isExplained && alone !== null)
    throw argumentError(`${alone} goes with --explain`, `Add --explain, or leave out ${alone}.`);
  if (args.flag('json') && largest !== undefined)
    throw argumentError(
      '--json and --top exclude each other',
      'Choose one of them; --json has every column.',
    );
  const background =
    shown === undefined
      ? null
      : { path: resolve(workingDirectory, shown), shown, option: '--background' as const };
  return {
    explain: isExplained ? { background } : null,
    form: largest !== undefined ? { largest } : args.flag('json') ? 'json' : 'csv',
  };
}
