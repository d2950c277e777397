import type { Parameters } from '../../../src/contracts/fields.ts';
import type { MemberRecipe } from '../../../src/contracts/plan.ts';
import type { Task } from '../../../src/contracts/task.ts';
import { trainers } from '../../../src/training/trainers.ts';
import { neededParams } from '../training/fixture.ts';

/** One kind of built-in model: a trainer, with what decides the nodes of its graph, on a task. */
export interface Family {
  readonly name: string;
  readonly task: Task;
  readonly trainer: string;
  readonly params: Parameters;
  readonly members?: readonly MemberRecipe[];
}

/** What keeps the models small enough to be many, and what a user has to have decided. */
function paramsOf(trainer: string): Parameters {
  const few = /trees|forest/.test(trainer) ? { n_estimators: 20 } : {};
  const short = trainer === 'neural-network' ? { hidden_layer_sizes: [16, 8], max_iter: 20 } : {};
  const rounds = trainer === 'gradient-boosting' ? { max_iter: 40 } : {};
  return { ...neededParams(trainer), ...few, ...short, ...rounds };
}

/** Parameters that change the graph and not only its numbers, by trainer; the tasks they are for. */
const variants: readonly {
  readonly trainer: string;
  readonly tasks: readonly Task[];
  readonly params: Parameters;
}[] = [
  ...[{ loss: 'absolute_error' }, { loss: 'quantile', quantile: 0.9 }, { loss: 'poisson' }].map((params) => ({
    ...{ trainer: 'gradient-boosting', tasks: ['regression'] as const, params },
  })),
  ...['tanh', 'logistic', 'identity'].map((activation) => ({
    ...{ trainer: 'neural-network', tasks: ['binary'] as const, params: { activation } },
  })),
  {
    trainer: 'neural-network',
    tasks: ['binary', 'multiclass', 'regression'],
    params: { embeddings: true },
  },
  {
    trainer: 'k-nearest-neighbours',
    tasks: ['binary', 'multiclass', 'regression'],
    params: { weights: 'distance' },
  },
];

const alone: readonly Family[] = [...trainers.values()].flatMap(({ name: trainer, tasks }) =>
  tasks.map((task) => ({ name: `${task}-${trainer}`, task, trainer, params: paramsOf(trainer) })),
);

const varied: readonly Family[] = variants.flatMap(({ trainer, tasks, params }) =>
  tasks.map((task) => ({
    name: [task, trainer, ...Object.values(params).map(String)].join('-'),
    ...{ task, trainer, params: { ...paramsOf(trainer), ...params } },
  })),
);

/** Every trainer of the task that learns something, as members of one model. */
function membersFor(task: Task): MemberRecipe[] {
  return alone
    .filter((family) => family.task === task && family.trainer !== 'dummy')
    .map(({ trainer, params }, i) => ({ name: trainer, trainer, params, seed: i + 1 }));
}

const ensembles: readonly Family[] = (['binary', 'multiclass', 'regression'] as const).flatMap((task) =>
  ['average', 'stacking'].map((method) => ({
    name: `${task}-ensemble-${method}`,
    ...{ task, trainer: 'ensemble', params: { method, cv: 2 }, members: membersFor(task) },
  })),
);

const calibrated: readonly Family[] = (['binary', 'multiclass'] as const).flatMap((task) =>
  membersFor(task).flatMap((member) =>
    ['sigmoid', 'isotonic'].map((method) => ({
      name: `${task}-calibrated-${method}-${member.name}`,
      ...{ task, trainer: 'calibrated', params: { method, cv: 2 }, members: [member] },
    })),
  ),
);

/** Every built-in family on each task that it knows: alone, in its variants, put together and calibrated. */
export const families: readonly Family[] = [...alone, ...varied, ...ensembles, ...calibrated];
