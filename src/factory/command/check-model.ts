import type { Program } from '../../contracts/plan.ts';
import { UserError } from '../../errors/user-error.ts';
import { openModel } from '../open-model.ts';
import type { Prepared } from '../prepared.ts';

/** What a released model may differ from its program, which computes in other steps, and how many rows may differ more. */
const tolerance = { difference: 1e-4, rows: 0.01 } as const;

/**
 * The model that would be released must predict what the program that made it predicts. Returns the milliseconds that
 * it takes for 1,000 rows.
 * @throws UserError COMMAND_OUTPUT
 */
export function checkModel(
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
