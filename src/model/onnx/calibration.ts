import { linesOf } from '../calibration.ts';
import type { CalibratedPredictor, Curve, Link, Pipeline, Tree } from '../pipeline.ts';
import { linkOf } from '../pipeline.ts';
import type { Ending } from './combination.ts';
import { ensembleAttributes } from './ensemble.ts';
import { marginNodes, type PlacedMember } from './members.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { internal } from './names.ts';
import { cast, int, learningNode, range, standardNode } from './nodes.ts';

const names = {
  slopes: `${internal}slopes`,
  intercepts: `${internal}intercepts`,
  sum: `${internal}sum`,
  one: `${internal}one`,
  ones: `${internal}ones`,
  zero: `${internal}zero`,
  uniform: `${internal}uniform`,
};

/** From the member's scores to calibrated probabilities, all in double. */
export function calibrationNodes(
  pipeline: Pipeline,
  { member, calibration }: CalibratedPredictor,
  placed: PlacedMember,
): Ending {
  const classes = pipeline.classes.length;
  const parts = range(classes).map((k) => `${internal}score${k}`);
  const split: OnnxNode = {
    ...standardNode('Split', [placed.scores], parts[0]!, [int('axis', 1)]),
    outputs: parts,
  };
  const link = linkOf({ ...member, task: pipeline.task });
  const positive = positiveScore(link, split, placed.scores);
  if (calibration.kind === 'sigmoid') {
    const nodes = [
      ...(classes === 2 ? positive.nodes : []),
      standardNode(
        'Mul',
        [classes === 2 ? positive.score : placed.scores, names.slopes],
        `${internal}product`,
      ),
      standardNode('Add', [`${internal}product`, names.intercepts], names.sum),
    ];
    return classes === 2 ? logisticEnding(nodes) : sharedEnding(nodes);
  }
  if (classes > 2) {
    const curves = calibration.curves.flatMap((curve, k) => curveNodes(curve, k, parts[k]!));
    const values = parts.map((_, k) => lineName('value', k));
    const each = `${internal}each`;
    return shareEnding([split, ...curves, standardNode('Concat', values, each, [int('axis', 1)])], each);
  }
  const probabilities = `${internal}outputs`;
  const nodes = [
    ...positive.nodes,
    ...curveNodes(calibration.curves[0]!, 0, positive.score),
    standardNode('Sub', [names.one, lineName('value', 0)], `${internal}rest`),
    standardNode('Concat', [`${internal}rest`, lineName('value', 0)], probabilities, [int('axis', 1)]),
  ];
  return { nodes, outputs: probabilities, decides: probabilities };
}

/** Of two classes the one number that is mapped; see `marginsOf`. */
function positiveScore(link: Link, split: OnnxNode, scores: string): { nodes: OnnxNode[]; score: string } {
  if (link === 'logistic') return { nodes: [], score: scores };
  const [negative, positive] = [split.outputs[0]!, split.outputs[1]!];
  if (link === 'identity') return { nodes: [split], score: positive };
  const [ahead, rounded, score] = [`${internal}ahead`, `${internal}rounded`, `${internal}margin`];
  return {
    nodes: [
      split,
      standardNode('Sub', [positive, negative], ahead),
      cast(ahead, rounded, 'float'),
      cast(rounded, score, 'double'),
    ],
    score,
  };
}

function logisticEnding(nodes: readonly OnnxNode[]): Ending {
  const outputs = `${internal}outputs`;
  const both = `${internal}both`;
  return {
    nodes: [...nodes, ...marginNodes(names.sum, internal), standardNode('Sigmoid', [both], outputs)],
    outputs,
    decides: both,
  };
}

function sharedEnding(nodes: readonly OnnxNode[]): Ending {
  const each = `${internal}each`;
  return shareEnding([...nodes, standardNode('Sigmoid', [names.sum], each)], each);
}

/** Divides each row by its sum; a row of zeros becomes uniform. */
function shareEnding(nodes: readonly OnnxNode[], each: string): Ending {
  const [total, shares, none] = [`${internal}total`, `${internal}shares`, `${internal}none`];
  const outputs = `${internal}outputs`;
  return {
    nodes: [
      ...nodes,
      standardNode('MatMul', [each, names.ones], total),
      standardNode('Div', [each, total], shares),
      standardNode('Equal', [total, names.zero], none),
      standardNode('Where', [none, names.uniform, shares], outputs),
    ],
    outputs,
    decides: outputs,
  };
}

/** Which line of the curve: by a tree of its points. Then the line from its right end. */
function curveNodes({ x }: Curve, k: number, score: string): OnnxNode[] {
  const name = (value: string): string => lineName(value, k);
  const tree = { kind: 'trees', outputs: 1, base: new Float32Array(1), trees: [searchTree(x)] } as const;
  const take = (value: string): OnnxNode =>
    standardNode('Gather', [name(`${value}s`), name('line')], name(value), [int('axis', 0)]);
  return [
    learningNode('TreeEnsembleRegressor', score, name('found'), ensembleAttributes(tree, [0])),
    cast(name('found'), name('line'), 'int64'),
    ...['end', 'level', 'slope'].map(take),
    standardNode('Sub', [score, name('end')], name('distance')),
    standardNode('Mul', [name('slope'), name('distance')], name('rise')),
    standardNode('Add', [name('level'), name('rise')], name('height')),
    standardNode('Max', [name('height'), names.zero], name('value')),
  ];
}

/** A tree of one feature whose leaf t, from the left, holds for points[t - 1] < x <= points[t], and gives t. */
function searchTree(points: Float32Array): Tree {
  const [threshold, left, right, value] = [[0], [-1], [-1], [0]];
  const pending = [{ node: 0, low: 0, high: points.length }];
  for (let top = pending.pop(); top; top = pending.pop()) {
    const { node, low, high } = top;
    if (low === high) {
      value[node] = low;
      continue;
    }
    const middle = (low + high) >> 1;
    threshold[node] = points[middle]!;
    for (const side of [left, right]) {
      side[node] = threshold.push(0) - 1;
      left.push(-1);
      right.push(-1);
      value.push(0);
    }
    pending.push({ node: left[node]!, low, high: middle }, { node: right[node]!, low: middle + 1, high });
  }
  return {
    feature: Int32Array.from(left, (to) => (to === -1 ? -1 : 0)),
    threshold: Float32Array.from(threshold),
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    missingLeft: new Uint8Array(left.length),
    value: Float32Array.from(value),
    levelsLeft: left.map(() => []),
  };
}

/** The constants of `calibrationNodes`. */
export function calibrationTensors(
  classes: number,
  { calibration }: Pick<CalibratedPredictor, 'calibration'>,
): OnnxTensor[] {
  const shares =
    classes === 2
      ? []
      : [
          { name: names.ones, dims: [classes, 1], data: new Float64Array(classes).fill(1) },
          { name: names.uniform, dims: [1], data: Float64Array.of(1 / classes) },
        ];
  const zero = { name: names.zero, dims: [1], data: Float64Array.of(0) };
  if (calibration.kind === 'sigmoid') {
    const { slopes, intercepts } = calibration;
    return [
      { name: names.slopes, dims: [slopes.length], data: slopes },
      { name: names.intercepts, dims: [intercepts.length], data: intercepts },
      ...(classes === 2 ? [] : [zero, ...shares]),
    ];
  }
  return [
    ...calibration.curves.flatMap(curveTensors),
    zero,
    ...(classes === 2 ? [{ name: names.one, dims: [1], data: Float64Array.of(1) }] : shares),
  ];
}

function curveTensors(curve: Curve, k: number): OnnxTensor[] {
  const { ends, values, slopes } = linesOf(curve);
  const dims = [ends.length];
  return [
    { name: lineName('ends', k), dims, data: ends },
    { name: lineName('levels', k), dims, data: values },
    { name: lineName('slopes', k), dims, data: slopes },
  ];
}

/** The calibration behind `calibrationTensors`. */
export function readCalibration(tensors: readonly OnnxTensor[]): CalibratedPredictor['calibration'] {
  const data = (name: string): Float64Array | undefined => tensors.find((own) => own.name === name)?.data;
  const slopes = data(names.slopes);
  if (slopes !== undefined)
    return { kind: 'sigmoid', slopes, intercepts: data(names.intercepts) ?? new Float64Array(0) };
  const curves: Curve[] = [];
  for (let ends = data(lineName('ends', 0)); ends; ends = data(lineName('ends', curves.length))) {
    const levels = data(lineName('levels', curves.length)) ?? new Float64Array(0);
    curves.push({ x: Float32Array.from(ends.subarray(0, -1)), y: levels.slice(0, -1) });
  }
  return { kind: 'isotonic', curves };
}

function lineName(value: string, curve: number): string {
  return `${internal}curve${curve}/${value}`;
}
