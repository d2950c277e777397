import type { Task } from '../../../src/contracts/task.ts';
import type {
  CalibratedPredictor,
  ComposedPredictor,
  Curve,
  EncodedPredictor,
  EnsemblePredictor,
  Member,
  Pipeline,
} from '../../../src/model/pipeline.ts';
import { Random } from '../../../src/numeric/random.ts';
import { combinations, randomPipeline } from './random-pipelines.ts';

type Method = 'average' | 'stacking' | 'sigmoid' | 'isotonic';

/** Each way of putting models together with each task that knows it. */
export const compositions: readonly (readonly [Task, Method])[] = (
  ['binary', 'multiclass', 'regression'] as const
).flatMap((task) =>
  (['average', 'stacking', 'sigmoid', 'isotonic'] as const)
    .filter((method) => task !== 'regression' || method === 'average' || method === 'stacking')
    .map((method) => [task, method] as const),
);

/** A composed pipeline drawn at random; over the seeds its members are of every kind. */
export function randomComposed(seed: number, task: Task, method: Method): Pipeline {
  const kinds = combinations.filter(([known]) => known === task).map(([, kind]) => kind);
  const random = new Random(seed);
  const member = (n: number): Member => memberOf(seed, task, kinds[(seed + n) % kinds.length]!);
  const { classes, inputs } = randomPipeline(seed, task, 'linear');
  const common = { task, classes, inputs, steps: [] };
  if (method === 'average' || method === 'stacking') {
    const members = Array.from({ length: 2 + random.integer(3) }, (_, n) => member(n));
    return { ...common, predictor: randomEnsemble(random, task, classes.length, members, method) };
  }
  return { ...common, predictor: randomCalibrated(random, task, classes.length, member(0), method) };
}

/** The seed decides inputs and classes, so that members of one seed fit together. */
function memberOf(seed: number, task: Task, kind: EncodedPredictor['kind']): Member {
  const { steps, predictor } = randomPipeline(seed, task, kind);
  const { classes } = randomPipeline(seed, task, 'linear');
  if (randomPipeline(seed, task, kind).classes.length !== classes.length)
    return memberOf(seed, task, 'linear');
  return { steps, predictor };
}

function randomEnsemble(
  random: Random,
  task: Task,
  classes: number,
  members: readonly Member[],
  method: 'average' | 'stacking',
): EnsemblePredictor {
  if (method === 'average') {
    const weights = Float64Array.from(members, () => random.integer(4));
    weights[0]! += 1;
    return { kind: 'ensemble', members, combination: { kind: 'average', weights } };
  }
  const width = members.length * (task === 'multiclass' ? classes : 1);
  const outputs = task === 'multiclass' ? classes : 1;
  const floats = (n: number) => Float32Array.from({ length: n }, () => random.normal());
  return {
    kind: 'ensemble',
    members,
    combination: {
      kind: 'stacking',
      floor: task === 'regression' ? 0 : 0.002,
      meta: { kind: 'linear', width, coefficients: floats(outputs * width), intercepts: floats(outputs) },
    },
  };
}

function randomCalibrated(
  random: Random,
  task: Task,
  classes: number,
  member: Member,
  method: 'sigmoid' | 'isotonic',
): ComposedPredictor {
  const scores = task === 'binary' ? 1 : classes;
  const calibration: CalibratedPredictor['calibration'] =
    method === 'isotonic'
      ? { kind: 'isotonic', curves: Array.from({ length: scores }, () => randomCurve(random)) }
      : {
          kind: 'sigmoid',
          slopes: Float64Array.from({ length: scores }, () => random.normal()),
          intercepts: Float64Array.from({ length: scores }, () => random.normal()),
        };
  return { kind: 'calibrated', member, calibration };
}

/** Plateaus, steps and ramps, from 0 and to 1 now and then. */
function randomCurve(random: Random): Curve {
  const count = 1 + random.integer(40);
  let at = -2 - random.next();
  let height = random.integer(2) ? 0 : random.next() / 4;
  const x = new Float32Array(count);
  const y = new Float64Array(count);
  for (let t = 0; t < count; t++) {
    x[t] = at;
    y[t] = height;
    at += random.integer(2) ? 0.3 * random.next() + 0.01 : 1e-4;
    if (random.integer(2)) height = Math.min(1, height + random.next() / 8);
  }
  return { x, y };
}
