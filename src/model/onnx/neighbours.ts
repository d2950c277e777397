import { grid } from '../neighbours/scores.ts';
import type { NeighboursPredictor } from '../pipeline.ts';
import { GraphFault } from './attributes.ts';
import type { OnnxNode, OnnxTensor } from './model-proto.ts';
import { features, internal, scores } from './names.ts';
import { cast, int, ints, range, standardNode } from './nodes.ts';

const names = {
  points: `${internal}points`,
  targets: `${internal}targets`,
  neighbours: `${internal}neighbours`,
  classes: `${internal}classes`,
  low: `${internal}low`,
  high: `${internal}high`,
  steps: `${internal}steps`,
  one: `${internal}one`,
  zero: `${internal}zero`,
  inner: `${internal}axis1`,
  last: `${internal}axis2`,
  /** N × columns, and columns × training rows, both on the grid. */
  asked: `${internal}asked`,
  known: `${internal}known`,
  /** N × training rows, less what a row's distances have in common. */
  distances: `${internal}distances`,
  /** N × neighbours. */
  nearest: `${internal}nearest`,
  indices: `${internal}indices`,
  far: `${internal}far`,
  weights: `${internal}vote_weights`,
};

/** From the features to the scores, in double: distances to all training rows, the nearest, their votes. */
export function neighbourNodes(predictor: NeighboursPredictor): OnnxNode[] {
  return [
    ...gridNodes(),
    cast(names.points, names.known, 'double'),
    ...(predictor.p === 2 ? euclideanNodes() : manhattanNodes(predictor.width)),
    {
      operator: 'TopK',
      domain: '',
      inputs: [names.distances, names.neighbours],
      outputs: [names.nearest, names.indices],
      attributes: [int('axis', 1), int('largest', 0), int('sorted', 1)],
    },
    ...(predictor.weights === 'distance' ? weightNodes(predictor.p) : []),
    ...voteNodes(predictor),
  ];
}

function gridNodes(): OnnxNode[] {
  const [near, scaled, places] = [`${internal}near`, `${internal}scaled_up`, `${internal}places`];
  return [
    standardNode('Clip', [features, names.low, names.high], near),
    standardNode('Mul', [near, names.steps], scaled),
    standardNode('Round', [scaled], places),
    cast(places, names.asked, 'double'),
  ];
}

/** |t|^2 - 2 q t. */
function euclideanNodes(): OnnxNode[] {
  const [squares, products, twice] = [`${internal}squares`, `${internal}products`, `${internal}twice`];
  return [
    standardNode('ReduceSumSquare', [names.known], squares, [ints('axes', [0]), int('keepdims', 1)]),
    standardNode('MatMul', [names.asked, names.known], products),
    standardNode('Add', [products, products], twice),
    standardNode('Sub', [squares, twice], names.distances),
  ];
}

/** Column by column: N × columns × training rows at once would not fit into memory. */
function manhattanNodes(width: number): OnnxNode[] {
  const part = (name: string, j: number): string => `${internal}${name}${j}`;
  const split = (whole: string, name: string, axis: number): OnnxNode =>
    width === 1
      ? standardNode('Identity', [whole], part(name, 0))
      : {
          ...standardNode('Split', [whole], '', [int('axis', axis)]),
          outputs: columns.map((j) => part(name, j)),
        };
  const columns = range(width);
  return [
    split(names.asked, 'asked', 1),
    split(names.known, 'known', 0),
    ...columns.flatMap((j) => [
      standardNode('Sub', [part('asked', j), part('known', j)], part('difference', j)),
      standardNode('Abs', [part('difference', j)], part('distance', j)),
    ]),
    standardNode(
      'Sum',
      columns.map((j) => part('distance', j)),
      names.distances,
    ),
  ];
}

/** 1 / distance; where some are at distance 0, 1 for these and 0 for the others. */
function weightNodes(p: 1 | 2): OnnxNode[] {
  const value = (name: string): string => `${internal}vote_${name}`;
  return [
    ...(p === 1
      ? [standardNode('Identity', [names.nearest], names.far)]
      : [
          standardNode('ReduceSumSquare', [names.asked], value('common'), [
            ints('axes', [1]),
            int('keepdims', 1),
          ]),
          standardNode('Add', [names.nearest, value('common')], value('squares')),
          standardNode('Sqrt', [value('squares')], names.far),
        ]),
    standardNode('Equal', [names.far, names.zero], value('same')),
    cast(value('same'), value('zeros'), 'double'),
    standardNode('ReduceMax', [value('zeros')], value('any'), [ints('axes', [1]), int('keepdims', 1)]),
    standardNode('Greater', [value('any'), names.zero], value('hit')),
    standardNode('Div', [names.one, names.far], value('inverse')),
    standardNode('Where', [value('hit'), value('zeros'), value('inverse')], names.weights),
  ];
}

function voteNodes({ outputs, weights }: NeighboursPredictor): OnnxNode[] {
  const value = (name: string): string => `${internal}neighbour_${name}`;
  const weighted = weights === 'distance';
  const isNumber = outputs === 1;
  const keep = [int('keepdims', isNumber ? 1 : 0)];
  const nodes = [standardNode('Gather', [names.targets, names.indices], value('targets'), [int('axis', 0)])];
  const last = (): string => nodes.at(-1)!.outputs[0]!;
  if (!isNumber)
    nodes.push(
      standardNode('Unsqueeze', [last(), names.last], value('column')),
      standardNode('Equal', [value('column'), names.classes], value('votes')),
      cast(value('votes'), value('ones'), 'double'),
    );
  if (!weighted)
    return [
      ...nodes,
      standardNode('ReduceMean', [last()], value('mean'), [ints('axes', [1]), ...keep]),
      cast(value('mean'), scores, 'float'),
    ];
  const votes = last();
  if (!isNumber) nodes.push(standardNode('Unsqueeze', [names.weights, names.last], value('weights')));
  return [
    ...nodes,
    standardNode('Mul', [votes, isNumber ? names.weights : value('weights')], value('weighted')),
    standardNode('ReduceSum', [value('weighted'), names.inner], value('sums'), keep),
    standardNode('ReduceSum', [names.weights, names.inner], value('total'), [int('keepdims', 1)]),
    standardNode('Div', [value('sums'), value('total')], value('mean')),
    cast(value('mean'), scores, 'float'),
  ];
}

/** The training rows, column after column, their targets, and the constants of the nodes. */
export function neighbourTensors(predictor: NeighboursPredictor): OnnxTensor[] {
  const { points, targets, neighbours, outputs, rows, width, weights } = predictor;
  const float = (name: string, value: number): OnnxTensor => ({
    name,
    dims: [],
    data: Float64Array.of(value),
    element: 'float',
  });
  const integer = (name: string, value: number): OnnxTensor => ({
    name,
    dims: [1],
    data: Float64Array.of(value),
    element: 'int64',
  });
  const double = (name: string, values: Float64Array): OnnxTensor => ({
    name,
    dims: [values.length],
    data: values,
  });
  return [
    { name: names.points, dims: [width, rows], data: Float64Array.from(points), element: 'float' },
    double(names.targets, targets),
    integer(names.neighbours, neighbours),
    float(names.low, -grid.reach),
    float(names.high, grid.reach),
    float(names.steps, grid.steps),
    ...(outputs === 1
      ? []
      : [double(names.classes, Float64Array.from(range(outputs))), integer(names.last, 2)]),
    ...(weights === 'uniform'
      ? []
      : [
          integer(names.inner, 1),
          double(names.zero, Float64Array.of(0)),
          double(names.one, Float64Array.of(1)),
        ]),
  ];
}

/** The predictor behind the graph of `neighbourNodes`; null for one of another kind. */
export function readNeighbours(
  nodes: readonly OnnxNode[],
  tensors: readonly OnnxTensor[],
): NeighboursPredictor | null {
  const found = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const points = found.get(names.points);
  if (points === undefined) return null;
  const targets = found.get(names.targets)?.data;
  const neighbours = found.get(names.neighbours)?.data[0];
  if (targets === undefined || neighbours === undefined) throw new GraphFault('it lacks the neighbours');
  return {
    kind: 'neighbours',
    outputs: found.get(names.classes)?.data.length ?? 1,
    neighbours,
    p: nodes.some(({ operator }) => operator === 'Abs') ? 1 : 2,
    weights: nodes.some(({ operator }) => operator === 'Where') ? 'distance' : 'uniform',
    width: points.dims[0] ?? 0,
    rows: points.dims[1] ?? 0,
    points: Float32Array.from(points.data),
    targets,
  };
}
