import { columnsOf } from '../naive-bayes.ts';
import type { Feature, NaiveBayesPredictor } from '../pipeline.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { features, internal, scores } from './names.ts';
import { cast, int, ints, standardNode } from './nodes.ts';

const names = {
  double: `${internal}double`,
  zero: `${internal}zero`,
  inner: `${internal}axis1`,
  last: `${internal}axis2`,
  numbers: `${internal}number_columns`,
  categories: `${internal}category_columns`,
  firstCodes: `${internal}first_codes`,
  means: `${internal}means`,
  scales: `${internal}scales`,
  peaks: `${internal}peaks`,
  codes: `${internal}codes`,
  priors: `${internal}priors`,
};

/**
 * From the features to the scores, all in double. Numbers: N × 1 × numbers against classes × numbers, where a missing one
 * adds 0. Categories: one row of the table of codes for each.
 */
export function naiveBayesNodes(columns: readonly Feature[]): OnnxNode[] {
  const { numbers, categories } = columnsOf(columns.map(({ levels }) => levels));
  const nodes = [cast(features, names.double, 'double')];
  let joint = names.priors;
  const add = (part: string, sum: string): void => {
    nodes.push(standardNode('Add', [part, joint], sum));
    joint = sum;
  };
  if (categories.length > 0) {
    nodes.push(...categoryNodes());
    add(`${internal}category_terms`, `${internal}with_categories`);
  }
  if (numbers.length > 0) {
    nodes.push(...numberNodes());
    add(`${internal}number_terms`, `${internal}with_numbers`);
  }
  const best = `${internal}best`;
  const relative = `${internal}relative`;
  return [
    ...nodes,
    standardNode('ReduceMax', [joint], best, [ints('axes', [1]), int('keepdims', 1)]),
    standardNode('Sub', [joint, best], relative),
    cast(relative, scores, 'float'),
  ];
}

function categoryNodes(): OnnxNode[] {
  const [picked, whole, at, terms] = ['codes_of_row', 'whole_codes', 'code_rows', 'code_terms'].map(
    (name) => `${internal}${name}`,
  ) as [string, string, string, string];
  return [
    standardNode('Gather', [names.double, names.categories], picked, [int('axis', 1)]),
    cast(picked, whole, 'int64'),
    standardNode('Add', [whole, names.firstCodes], at),
    standardNode('Gather', [names.codes, at], terms, [int('axis', 0)]),
    standardNode('ReduceSum', [terms, names.inner], `${internal}category_terms`, [int('keepdims', 0)]),
  ];
}

function numberNodes(): OnnxNode[] {
  const value = (name: string): string => `${internal}number_${name}`;
  return [
    standardNode('Gather', [names.double, names.numbers], value('values'), [int('axis', 1)]),
    standardNode('Unsqueeze', [value('values'), names.inner], value('rows')),
    standardNode('Sub', [value('rows'), names.means], value('centred')),
    standardNode('Mul', [value('centred'), names.scales], value('scaled')),
    standardNode('Mul', [value('scaled'), value('scaled')], value('squares')),
    standardNode('Sub', [names.peaks, value('squares')], value('densities')),
    standardNode('IsNaN', [value('densities')], value('missing')),
    standardNode('Where', [value('missing'), names.zero, value('densities')], value('known')),
    standardNode('ReduceSum', [value('known'), names.last], value('terms'), [int('keepdims', 0)]),
  ];
}

/** The model's numbers, which columns they are for, and the constants of the nodes. */
export function naiveBayesTensors(
  { priors, means, scales, peaks, codes }: NaiveBayesPredictor,
  columns: readonly Feature[],
): OnnxTensor[] {
  const { numbers, categories, firstCodes } = columnsOf(columns.map(({ levels }) => levels));
  const classes = priors.length;
  const integers = (name: string, values: readonly number[]): OnnxTensor => ({
    name,
    dims: [values.length],
    data: Float64Array.from(values),
    element: 'int64',
  });
  const byClass = [classes, numbers.length];
  return [
    { name: names.priors, dims: [classes], data: priors },
    integers(names.inner, [1]),
    ...(categories.length === 0
      ? []
      : [
          integers(names.categories, categories),
          integers(names.firstCodes, firstCodes),
          { name: names.codes, dims: [codes.length / classes, classes], data: codes },
        ]),
    ...(numbers.length === 0
      ? []
      : [
          integers(names.numbers, numbers),
          integers(names.last, [2]),
          { name: names.zero, dims: [1], data: Float64Array.of(0) },
          { name: names.means, dims: byClass, data: means },
          { name: names.scales, dims: byClass, data: scales },
          { name: names.peaks, dims: byClass, data: peaks },
        ]),
  ];
}

/** The predictor behind the tensors of `naiveBayesTensors`; null for those of another kind. */
export function readNaiveBayes(tensors: readonly OnnxTensor[]): NaiveBayesPredictor | null {
  const found = new Map(tensors.map(({ name, data }) => [name, data]));
  const priors = found.get(names.priors);
  if (priors === undefined) return null;
  const numbersOf = (name: string): Float64Array => found.get(name) ?? new Float64Array(0);
  return {
    kind: 'naive-bayes',
    priors,
    means: numbersOf(names.means),
    scales: numbersOf(names.scales),
    peaks: numbersOf(names.peaks),
    codes: numbersOf(names.codes),
  };
}
