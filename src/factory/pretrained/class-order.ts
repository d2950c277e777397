import type { Pretrained } from '../../contracts/plan.ts';
import { compareCodePoints } from '../../data/cells.ts';
import { interfaceOf } from '../../model/onnx/interface.ts';
import { withoutZipMap } from '../../model/onnx/zip-map.ts';

/**
 * Which of the data's classes each number of a model stands for: as the configuration says, as the file names them, or
 * else as scikit-learn orders them: texts by code point, whole numbers by value. `contradiction` tells where the last
 * of these is wrong.
 */
export function outputOrder(
  file: Uint8Array,
  { classes: written }: Pick<Pretrained, 'classes'>,
  classes: readonly string[],
): readonly string[] {
  const names = written ?? withoutZipMap(file).names;
  if (names !== null) return names;
  const asText = interfaceOf(file).outputs.some(({ element }) => element === 'string');
  return [...classes].sort((a, b) => (asText ? compareCodePoints(a, b) : Number(a) - Number(b)));
}

/** Share of its rows in which an output must be called by its own class. */
const mostly = 0.5;

/**
 * Where what a model calls its rows contradicts the order of its outputs: in most rows whose largest number is that of
 * one class it says another. Null where nothing does.
 * @param values rows × classes, in the order of `classes`
 */
export function contradiction(
  classes: readonly string[],
  values: Float64Array,
  labels: readonly string[],
): { readonly said: string; readonly largest: string } | null {
  const width = classes.length;
  const counts = classes.map(() => new Map<string, number>());
  labels.forEach((label, row) => {
    const own = values.subarray(row * width, (row + 1) * width);
    const said = counts[own.indexOf(Math.max(...own))]!;
    said.set(label, (said.get(label) ?? 0) + 1);
  });
  for (const [k, said] of counts.entries()) {
    const total = [...said.values()].reduce((sum, count) => sum + count, 0);
    const other = [...said].find(([label, count]) => label !== classes[k] && count > mostly * total);
    if (other) return { said: other[0], largest: classes[k]! };
  }
  return null;
}
