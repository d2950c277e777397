import type { Signature, SignatureInput } from '../contracts/signature.ts';
import { inputName, outputNames } from './onnx/names.ts';
import type { Pipeline } from './pipeline.ts';

/** The signature of a pipeline: what `signature.json` of its release says. */
export function signatureOf({ task, classes, inputs, steps }: Pipeline): Signature {
  const levels = new Map(steps.map((step) => [step.input, step.kind === 'category' ? step.levels : []]));
  return {
    schema: 'signature/1',
    task,
    classes: [...classes],
    inputs: inputs.map(({ name, type }): SignatureInput => {
      const tensor = inputName(name);
      if (type !== 'category') return { name, tensor, type };
      return { name, tensor, type, levels: (levels.get(name) ?? []).filter((level) => level !== '') };
    }),
    outputs:
      task === 'regression'
        ? [{ name: outputNames.variable, type: 'float', shape: ['N', 1] }]
        : [
            { name: outputNames.label, type: 'string', shape: ['N'] },
            { name: outputNames.probabilities, type: 'float', shape: ['N', classes.length] },
          ],
  };
}

/**
 * Whether callers of one model can call the other unchanged: same task, classes and inputs by name and type. The
 * order of inputs and the known levels don't matter. If not, the release is a new major version.
 */
export function sameInterface(a: Signature, b: Signature): boolean {
  const typesOf = (signature: Signature): string[] =>
    signature.inputs.map(({ name, type }) => JSON.stringify([name, type])).sort();
  return a.task === b.task && equalTexts(a.classes, b.classes) && equalTexts(typesOf(a), typesOf(b));
}

function equalTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}
