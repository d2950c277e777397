import type { Signature, SignatureInput } from '../contracts/signature.ts';
import { doubleInputs } from './onnx/derived-graph.ts';
import { inputName, outputNames } from './onnx/names.ts';
import type { Profile } from '../contracts/profile.ts';
import { allSteps, type Pipeline } from './pipeline.ts';
import type { Scorer } from './scorer.ts';

/** The signature of a pipeline: what `signature.json` of its release says. */
export function signatureOf(pipeline: Pipeline): Signature {
  const { task, classes, inputs } = pipeline;
  const levels = levelsByInput(pipeline);
  const doubles = doubleInputs(pipeline);
  return {
    schema: 'signature/1',
    format: 'onnx',
    task,
    classes: [...classes],
    inputs: inputs.map(({ name, type }): SignatureInput => {
      const tensor = inputName(name);
      if (type === 'date') return { name, tensor, type, ...(doubles.has(name) && { element: 'double' }) };
      if (type !== 'category') return { name, tensor, type };
      return { name, tensor, type, levels: (levels.get(name) ?? []).filter((level) => level !== '') };
    }),
    outputs: outputsFor(task, classes.length),
  };
}

/** Levels that a step or a derived column tells apart. */
function levelsByInput(pipeline: Pipeline): ReadonlyMap<string, readonly string[]> {
  const { derived = [] } = pipeline;
  const levels = new Map<string, readonly string[]>();
  for (const column of derived)
    if (column.kind === 'target-mean') levels.set(column.sources[0], column.levels);
  for (const step of allSteps(pipeline)) if (step.kind === 'category') levels.set(step.input, step.levels);
  return levels;
}

/**
 * The signature of a model that another tool made: its inputs, with the levels that the profile names. What the
 * program does with other levels is its own affair. `tensors` names what the columns go into, where it isn't theirs.
 */
export function foreignSignature(
  { format, task, classes, inputs }: Scorer,
  profile: Profile,
  tensors: readonly string[] | null,
): Signature {
  const levels = new Map(
    profile.inputs.map((input) => [
      input.name,
      input.type === 'category' ? input.levels.map(({ level }) => level).sort() : [],
    ]),
  );
  return {
    schema: 'signature/1',
    format,
    task,
    classes: [...classes],
    inputs: inputs.map(({ name, type }, i): SignatureInput => {
      const tensor = tensors?.[i] ?? name;
      if (type !== 'category') return { name, tensor, type };
      return { name, tensor, type, levels: levels.get(name) ?? [] };
    }),
    outputs: outputsFor(task, classes.length),
  };
}

function outputsFor(task: Pipeline['task'], classes: number): Signature['outputs'] {
  return task === 'regression'
    ? [{ name: outputNames.variable, type: 'float', shape: ['N', 1] }]
    : [
        { name: outputNames.label, type: 'string', shape: ['N'] },
        { name: outputNames.probabilities, type: 'float', shape: ['N', classes] },
      ];
}
