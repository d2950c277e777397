import type { CategoryStep, NumberStep, Step } from '../pipeline.ts';
import type { OnnxNode } from './model-proto.ts';
import { internal } from './names.ts';
import { float, floats, int, ints, learningNode, range, standardNode, strings } from './nodes.ts';

/** The value in the graph behind a name that steps read. */
type ValueOf = (name: string) => string;

/** Nodes that encode the steps' inputs into `model/features`, N × width, float: one block for each run of number steps. */
export function encodingNodes(steps: readonly Step[], valueOf: ValueOf): OnnxNode[] {
  const nodes: OnnxNode[] = [];
  const blocks: string[] = [];
  let run: NumberStep[] = [];
  const add = (block: OnnxNode[]): void => {
    nodes.push(...block);
    blocks.push(block.at(-1)!.outputs[0]!);
  };
  const closeRun = (): void => {
    if (run.length > 0) add(numberNodes(run, blocks.length, valueOf));
    run = [];
  };
  for (const step of steps)
    if (step.kind === 'number') run.push(step);
    else {
      closeRun();
      add(categoryNodes(step, blocks.length, valueOf(step.input)));
    }
  closeRun();
  return [...nodes, standardNode('Concat', blocks, `${internal}features`, [int('axis', 1)])];
}

/** Concatenates the inputs, then imputes and scales them where a step does; NaN as imputed value changes nothing. */
function numberNodes(steps: readonly NumberStep[], block: number, valueOf: ValueOf): OnnxNode[] {
  const inputs = steps.map((step) => valueOf(step.input));
  const nodes = [standardNode('Concat', inputs, `${internal}numbers${block}`, [int('axis', 1)])];
  const last = (): string => nodes.at(-1)!.outputs[0]!;
  if (steps.some((step) => step.impute !== null))
    nodes.push(
      learningNode('Imputer', last(), `${internal}imputed${block}`, [
        floats(
          'imputed_value_floats',
          steps.map((step) => step.impute ?? NaN),
        ),
        float('replaced_value_float', NaN),
      ]),
    );
  if (steps.some((step) => step.offset !== 0 || step.scale !== 1))
    nodes.push(
      learningNode('Scaler', last(), `${internal}scaled${block}`, [
        floats(
          'offset',
          steps.map((step) => step.offset),
        ),
        floats(
          'scale',
          steps.map((step) => step.scale),
        ),
      ]),
    );
  return nodes;
}

/** Text to code, as a number or one-hot; an unknown level has the code after the last known one. */
function categoryNodes({ levels, encoding }: CategoryStep, block: number, input: string): OnnxNode[] {
  const code = `${internal}code${block}`;
  const keys = strings('keys_strings', levels);
  if (encoding === 'code')
    return [
      learningNode('LabelEncoder', input, code, [
        keys,
        floats('values_floats', range(levels.length)),
        float('default_float', levels.length),
      ]),
    ];
  const oneHot = `${internal}onehot${block}`;
  return [
    learningNode('LabelEncoder', input, code, [
      keys,
      ints('values_int64s', range(levels.length)),
      int('default_int64', levels.length),
    ]),
    learningNode('OneHotEncoder', code, oneHot, [
      ints('cats_int64s', range(levels.length + 1)),
      int('zeros', 1),
    ]),
    standardNode('Flatten', [oneHot], `${internal}flat${block}`, [int('axis', 1)]),
  ];
}
