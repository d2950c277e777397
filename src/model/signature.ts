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
