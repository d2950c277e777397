import type { Task } from '../contracts/task.ts';
import type { Fault, Place } from '../errors/user-error.ts';
import { nearest } from './nearest.ts';
import type { Config } from './schema.ts';

/** What each trainer can learn and each metric can measure; a trainer that isn't listed learns anything. */
export interface TaskLimits {
  readonly trainers: ReadonlyMap<string, readonly Task[]>;
  readonly metrics: ReadonlyMap<string, readonly Task[]>;
}

/** What the data turned out to ask for, and why: "churned has 2 classes". */
export interface TaskFound {
  readonly task: Task;
  readonly taskReason: string;
}

type PlaceOf = (path: readonly PropertyKey[]) => Place;

/** Trainers that can't learn what the target holds. */
export function trainerTaskFaults(
  candidates: Config['candidates'] = {},
  { trainers }: TaskLimits,
  found: TaskFound,
  placeOf: PlaceOf,
): Fault[] {
  const fitting = namesFor(found.task, trainers);
  return Object.entries(candidates).flatMap(([name, { trainer }]): Fault[] => {
    const tasks = trainers.get(trainer) ?? [found.task];
    if (tasks.includes(found.task)) return [];
    return [
      {
        code: 'CONFIG_INVALID',
        message: `${trainer} learns ${kindOf(tasks)}, and ${inWords(found)}`,
        at: placeOf(['candidates', name, 'trainer']),
        fix: `Take one of ${fitting.join(', ')}; or set \`task\`, if it was inferred wrongly.`,
      },
    ];
  });
}

/** Metrics that say nothing about what the target holds, wherever the configuration names one. */
export function metricTaskFaults(
  { metrics = [], gate }: Pick<Config, 'metrics' | 'gate'>,
  { metrics: limits }: TaskLimits,
  found: TaskFound,
  placeOf: PlaceOf,
): Fault[] {
  const { floor, ceiling } = gate.block;
  const named: readonly (readonly [name: string, path: readonly PropertyKey[]])[] = [
    ...metrics.map((name, i) => [name, ['metrics', i]] as const),
    ...(gate.metric === undefined ? [] : [[gate.metric, ['gate', 'metric']] as const]),
    ...Object.keys(floor).map((name) => [name, ['gate', 'block', 'floor', name]] as const),
    ...Object.keys(ceiling).map((name) => [name, ['gate', 'block', 'ceiling', name]] as const),
  ];
  const fitting = namesFor(found.task, limits);
  return named.flatMap(([name, path]): Fault[] => {
    const tasks = limits.get(name) ?? [found.task];
    if (tasks.includes(found.task)) return [];
    const close = fitting.find((other) => other.startsWith(`${name}_`)) ?? nearest(name, fitting);
    return [
      {
        code: 'CONFIG_INVALID',
        message: `"${name}" measures ${kindOf(tasks)}, and ${inWords(found)}`,
        at: placeOf(path),
        fix: close === undefined ? `Take one of ${fitting.join(', ')}.` : `Write ${close}, for example.`,
      },
    ];
  });
}

function namesFor(task: Task, limits: ReadonlyMap<string, readonly Task[]>): string[] {
  return [...limits].filter(([, tasks]) => tasks.includes(task)).map(([name]) => name);
}

function kindOf(tasks: readonly Task[]): string {
  if (tasks.includes('regression')) return 'numbers';
  if (tasks.length > 1) return 'classes';
  return tasks.includes('binary') ? 'two classes' : 'three and more classes';
}

function inWords({ task, taskReason }: TaskFound): string {
  return `the task is ${task} (${taskReason})`;
}
