import type { Task } from '../../../src/contracts/task.ts';
import type { Column, Table } from '../../../src/data/table.ts';
import type {
  EncodedPipeline,
  EncodedPredictor,
  ModelInput,
  Step,
  Tree,
} from '../../../src/model/pipeline.ts';
import { featuresOf } from '../../../src/model/pipeline.ts';
import { Random } from '../../../src/numeric/random.ts';

const activations = ['relu', 'tanh', 'logistic', 'identity', 'elu'] as const;
/** Kinds whose features may be codes of categories. */
const nativeKinds: readonly string[] = ['trees', 'forest', 'naive-bayes'];

const words = ['', '0', 'B c', 'a', 'label', 'ç', 'Ω\n"', '日本', '\uffff', '🙂'];

/** A pipeline drawn at random: mixed inputs with awkward names, both encodings, categorical subset splits. */
export function randomPipeline(seed: number, task: Task, kind: EncodedPredictor['kind']): EncodedPipeline {
  const random = new Random(seed);
  const names = ['age', 'label', 'label_', 'größe', 'model/x', 'variable', 'a b', '列'];
  const inputs = names.slice(0, 2 + random.integer(names.length - 1)).map((name, i): ModelInput => {
    const type = (['number', 'category', 'boolean', 'category', 'date'] as const)[(i + seed) % 5]!;
    return { name, type };
  });
  const encoding = nativeKinds.includes(kind) && random.integer(4) > 0 ? 'code' : 'one-hot';
  const drawn = kind === 'constant' ? [] : inputs.map((input) => randomStep(random, input, encoding));
  const steps = kind === 'dense' && seed % 2 === 0 ? withCodes(drawn, seed) : drawn;
  const classCount = task === 'regression' ? 0 : task === 'binary' ? 2 : 3 + random.integer(3);
  const classes = ['', '0', 'no', 'yes', 'ü', '日本'].slice(0, classCount);
  const outputs = task === 'multiclass' ? classCount : 1;
  const levels = featuresOf(steps).map((feature) => feature.levels);
  const predictor = randomPredictor(random, kind, { outputs, classCount, levels });
  return { task, classes, inputs, steps, predictor };
}

/** Some categories as codes, for embeddings; these come last. */
function withCodes(steps: readonly Step[], seed: number): Step[] {
  const isCode = (step: Step): boolean => step.kind === 'category' && step.encoding === 'code';
  const coded = steps.map((step, i): Step =>
    step.kind === 'category' && (seed % 4 === 0 || i % 2 === 0) ? { ...step, encoding: 'code' } : step,
  );
  return [...coded.filter((step) => !isCode(step)), ...coded.filter(isCode)];
}

function randomStep(random: Random, { name, type }: ModelInput, encoding: 'code' | 'one-hot'): Step {
  if (type === 'category') {
    const levels = words.filter(() => random.integer(3) > 0);
    return { kind: 'category', input: name, levels: levels.length ? levels : ['a'], encoding };
  }
  const impute = random.integer(2) ? Math.fround(random.normal()) : null;
  const raw = encoding === 'code';
  if (raw) return { kind: 'number', input: name, impute, offset: 0, scale: 1 };
  const offset = Math.fround(random.normal());
  return {
    kind: 'number',
    input: name,
    impute: impute ?? 0.5,
    offset,
    scale: Math.fround(random.next() + 0.1),
  };
}

interface Shape {
  readonly outputs: number;
  readonly classCount: number;
  readonly levels: readonly number[];
}

function randomPredictor(random: Random, kind: EncodedPredictor['kind'], shape: Shape): EncodedPredictor {
  const { outputs, classCount, levels } = shape;
  const floats = (n: number, scale = 1) => Float32Array.from({ length: n }, () => random.normal() * scale);
  switch (kind) {
    case 'constant': {
      const raw = Float64Array.from({ length: classCount || 1 }, () => random.next());
      const total = raw.reduce((a, b) => a + b, 0);
      return { kind, outputs: classCount ? raw.map((value) => value / total) : raw };
    }
    case 'linear':
      return {
        kind,
        width: levels.length,
        coefficients: floats(outputs * levels.length),
        intercepts: floats(outputs),
      };
    case 'dense': {
      const hidden = Array.from({ length: 1 + random.integer(3) }, () => 1 + random.integer(40));
      const embeddings = levels
        .filter((codes) => codes > 0)
        .map((codes) => ({ levels: codes, dimension: 1 + (codes % 5) }))
        .map((shape) => ({ ...shape, vectors: floats(shape.levels * shape.dimension) }));
      const numbers = levels.length - embeddings.length;
      const inputs = embeddings.reduce((sum, { dimension }) => sum + dimension, numbers);
      const sizes = [inputs, ...hidden, outputs];
      return {
        kind,
        ...(embeddings.length > 0 && { embeddings }),
        activations: hidden.map(() => activations[random.integer(activations.length)]!),
        layers: sizes.slice(1).map((width, l) => ({
          inputs: sizes[l]!,
          outputs: width,
          weights: floats(sizes[l]! * width, 1 / Math.sqrt(sizes[l]!)),
          biases: floats(width),
        })),
      };
    }
    case 'neighbours': {
      const rows = 20 + random.integer(60);
      // Few places, so that many rows are equally far.
      const place = () => (random.integer(9) - 4) * 8192;
      return {
        kind,
        outputs: classCount || 1,
        neighbours: 1 + random.integer(12),
        p: random.integer(2) ? 1 : 2,
        weights: random.integer(2) ? 'uniform' : 'distance',
        rows,
        width: levels.length,
        points: Float32Array.from({ length: rows * levels.length }, place),
        targets: Float64Array.from({ length: rows }, () =>
          classCount ? random.integer(classCount) : random.normal(),
        ),
      };
    }
    case 'naive-bayes': {
      const cells = classCount * levels.filter((count) => count === 0).length;
      const doubles = (n: number) => Float64Array.from({ length: n }, () => random.normal());
      return {
        kind,
        priors: doubles(classCount),
        means: doubles(cells),
        scales: doubles(cells).map((scale) => Math.abs(scale) + 0.2),
        peaks: doubles(cells),
        codes: doubles(classCount * levels.reduce((total, count) => total + count, 0)),
      };
    }
    case 'trees': {
      const trees = Array.from({ length: outputs * (1 + random.integer(12)) }, () =>
        randomTree(random, levels, 1 + random.integer(30)),
      );
      return { kind, outputs, base: floats(outputs, 3), trees };
    }
    case 'forest': {
      const count = 1 + random.integer(12);
      const trees = Array.from({ length: count }, () =>
        withShares(random, randomTree(random, levels, 1 + random.integer(30)), classCount, count),
      );
      return { kind, outputs: classCount, trees };
    }
  }
}

/** Grown leaf by leaf at random places, so node numbers aren't in preorder; some leaf values repeat in sign. */
function randomTree(random: Random, levels: readonly number[], leaves: number): Tree {
  const nodes = [leaf(random)];
  for (let count = 1; count < leaves; count++) {
    const open = nodes.filter((node) => node.left === -1);
    const node = open[random.integer(open.length)]!;
    node.feature = random.integer(levels.length);
    const codes = levels[node.feature]!;
    node.levelsLeft = Array.from({ length: codes }, (_, code) => code).filter(() => random.integer(2));
    if (codes > 0 && node.levelsLeft.length === 0) node.levelsLeft = [random.integer(codes)];
    node.threshold = codes > 0 ? 0 : random.normal();
    node.missingLeft = random.integer(2);
    node.value = 0;
    node.right = nodes.push(leaf(random)) - 1;
    node.left = nodes.push(leaf(random)) - 1;
  }
  return {
    feature: Int32Array.from(nodes, (node) => node.feature),
    threshold: Float32Array.from(nodes, (node) => node.threshold),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    missingLeft: Uint8Array.from(nodes, (node) => node.missingLeft),
    value: Float32Array.from(nodes, (node) => node.value),
    levelsLeft: nodes.map((node) => node.levelsLeft),
  };
}

/** The tree with a share of each class in its leaves, a `count`th part of 1 in all. */
function withShares(random: Random, tree: Tree, classes: number, count: number): Tree {
  const value = new Float32Array(tree.left.length * classes);
  tree.left.forEach((left, node) => {
    if (left !== -1) return;
    const raw = Array.from({ length: classes }, () => random.next() + 0.01);
    const total = raw.reduce((sum, share) => sum + share, 0) * count * 1.000001;
    value.set(
      raw.map((share) => share / total),
      node * classes,
    );
  });
  return { ...tree, value };
}

function leaf(random: Random) {
  const levelsLeft: number[] = [];
  const value = random.normal();
  return { feature: -1, threshold: 0, left: -1, right: -1, missingLeft: 0, value, levelsLeft };
}

/** Rows for a pipeline: missing values, levels that it doesn't know, numbers on both sides of 0. */
export function randomTable(seed: number, inputs: readonly ModelInput[], rows: number): Table {
  const random = new Random(seed);
  const levels = [...words, 'unseen', 'Überraschung'].filter(Boolean);
  const columns = inputs.map(({ name, type }): Column => {
    if (type === 'category') {
      const codes = Int32Array.from({ length: rows }, () => random.integer(levels.length + 1) - 1);
      return { kind: 'categorical', name, codes, levels };
    }
    const draw = () => (type === 'boolean' ? random.integer(2) : random.normal() * 2);
    const values = Float64Array.from({ length: rows }, () => (random.integer(8) ? draw() : NaN));
    return { kind: type === 'number' ? 'numeric' : type, name, values };
  });
  return { rows, columns };
}

/** 0, 1, …, n - 1. */
export function firstRows(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, row) => row);
}

const tasks = ['binary', 'multiclass', 'regression'] as const;
const kinds = ['constant', 'linear', 'trees', 'forest', 'dense', 'naive-bayes', 'neighbours'] as const;

/** Every task with every kind of predictor that there is for it. */
export const combinations = tasks.flatMap((task) =>
  kinds
    .filter((kind) => !['forest', 'naive-bayes'].includes(kind) || task !== 'regression')
    .map((kind): [Task, EncodedPredictor['kind']] => [task, kind]),
);
