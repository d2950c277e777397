import { resolveSettings, type DataFacts } from './resolve.ts';
import { isGiven, type Config } from './schema.ts';

/** A policy setting that a pull request changes; values as JSON. */
export interface PolicyEdit {
  readonly path: string;
  readonly old: string;
  readonly new: string;
}

const policyDataKeys = ['target', 'positive', 'missing', 'key', 'time', 'group'] as const;

/** What the policy's defaults depend on. */
export interface PolicyFacts extends DataFacts {
  /** The usual texts for "no value". */
  readonly missing: readonly string[];
}

/**
 * The configuration that judges a pull request: policy (model, task, target, splits, metrics, gate, publish, deploy) as the
 * base commit has it, proposal (source, drop, types, features, candidates, budget, resources, card) as the head has it.
 * Where the test set's file lies is proposal too: a pull request may move it, and never asks it.
 */
export function judgeByPolicy(base: Config, head: Config): Config {
  const data = { ...head.data };
  for (const key of policyDataKeys) Object.assign(data, { [key]: base.data[key] });
  const holdout = isGiven(base.holdout) && isGiven(head.holdout) ? head.holdout : base.holdout;
  const { features, candidates, budget, resources, card } = head;
  return { ...base, data, holdout, features, candidates, budget, resources, card };
}

/** What the head's policy changes. Defaults count as their value, so writing one down is no edit. */
export function policyEdits(base: Config, head: Config, facts: PolicyFacts): PolicyEdit[] {
  return diff(policyOf(resolved(base, facts)), policyOf(resolved(head, facts)), '');
}

/** The configuration with the policy's defaults written out. */
function resolved(config: Config, facts: PolicyFacts): Config {
  const classes = [...facts.classes].sort();
  const settings = resolveSettings(config, { ...facts, classes });
  const { gate, data } = config;
  return {
    ...config,
    task: settings.task,
    data: {
      ...data,
      missing: data.missing ?? [...facts.missing],
      ...(settings.positive !== null && { positive: settings.positive }),
    },
    metrics: [...settings.metrics],
    gate: {
      ...gate,
      metric: settings.rankingMetric,
      promote: { ...gate.promote, looks: settings.looks },
      block: { ...gate.block, 'max-drop': settings.maxDrop },
    },
  };
}

/** The part of a configuration that judges; in a pull request it is the base's. */
export function policyOf({ model, task, data, holdout, validation, metrics, gate, publish, deploy }: Config) {
  const policyData = Object.fromEntries(policyDataKeys.map((key) => [key, data[key]]));
  return { model, task, data: policyData, holdout, validation, metrics, gate, publish, deploy };
}

function diff(old: unknown, now: unknown, path: string): PolicyEdit[] {
  if (show(old) === show(now)) return [];
  if (!isBlock(old) || !isBlock(now)) return [{ path, old: show(old), new: show(now) }];
  const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...keys].flatMap((key) => diff(old[key], now[key], path ? `${path}.${key}` : key));
}

function show(value: unknown): string {
  return value === undefined ? '(default)' : JSON.stringify(value);
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
