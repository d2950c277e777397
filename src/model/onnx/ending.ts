import type { Link } from '../pipeline.ts';
import { linkNodes } from './members.ts';
import type { OnnxNode } from './model-proto.ts';
import { internal, outputNames, scores } from './names.ts';
import { cast, int, ints, learningNode, range, standardNode, string, strings } from './nodes.ts';

/**
 * How probabilities are computed from scores. In float ONNX Runtime's builds differ in the last bits, because each has
 * kernels of its own for Sigmoid and Softmax; in double they leave the same float.
 */
export type LinkPrecision = 'float' | 'double';

const exact = `${internal}exact`;
const linked = `${internal}outputs`;
const margins = `${internal}margins`;

/** From the scores to the outputs of the graph: the last nodes of a model that stands alone. */
export function endingNodes(link: Link, classes: readonly string[], precision: LinkPrecision): OnnxNode[] {
  switch (link) {
    case 'identity':
      return classes.length === 0
        ? [standardNode('Identity', [scores], outputNames.variable)]
        : meanNodes(classes);
    case 'exponential':
      return exponentialNodes();
    case 'softmax':
    case 'logistic':
      return precision === 'float' ? floatNodes(link, classes) : doubleNodes(link, classes);
  }
}

function doubleNodes(link: 'softmax' | 'logistic', classes: readonly string[]): OnnxNode[] {
  return [
    cast(scores, exact, 'double'),
    ...linkNodes(exact, internal, link),
    cast(linked, outputNames.probabilities, 'float'),
    ...labelNodes(link === 'softmax' ? scores : `${internal}both`, classes),
  ];
}

/** Two classes with one score: logistic of -score and of score. The label compares scores, because rounded probabilities may be equal. */
function floatNodes(link: 'softmax' | 'logistic', classes: readonly string[]): OnnxNode[] {
  if (link === 'softmax')
    return [
      standardNode('Softmax', [scores], outputNames.probabilities, [int('axis', 1)]),
      ...labelNodes(scores, classes),
    ];
  return [
    standardNode('Neg', [scores], `${internal}negated`),
    standardNode('Concat', [`${internal}negated`, scores], margins, [int('axis', 1)]),
    standardNode('Sigmoid', [margins], outputNames.probabilities),
    ...labelNodes(margins, classes),
  ];
}

/** In double, which leaves the same float whatever the engine's way to compute e^x. */
function exponentialNodes(): OnnxNode[] {
  const exponent = `${internal}exponent`;
  const exponential = `${internal}exponential`;
  return [
    cast(scores, exponent, 'double'),
    standardNode('Exp', [exponent], exponential),
    cast(exponential, outputNames.variable, 'float'),
  ];
}

/** A forest's scores are probabilities, and so are those of neighbours. */
function meanNodes(classes: readonly string[]): OnnxNode[] {
  return [standardNode('Identity', [scores], outputNames.probabilities), ...labelNodes(scores, classes)];
}

/** The class with the highest value, the first among equals. */
export function labelNodes(values: string, classes: readonly string[]): OnnxNode[] {
  const best = `${internal}class`;
  return [
    standardNode('ArgMax', [values], best, [int('axis', 1), int('keepdims', 0)]),
    learningNode('LabelEncoder', best, outputNames.label, [
      ints('keys_int64s', range(classes.length)),
      strings('values_strings', classes),
      string('default_string', ''),
    ]),
  ];
}
