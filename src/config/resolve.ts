import type { Task } from '../contracts/task.ts';
import type { Margin } from './gate-schema.ts';
import { isGiven, type CandidateConfig, type Config } from './schema.ts';

/** What the data tells that defaults depend on. */
export interface DataFacts {
  readonly task: Task;
  readonly taskReason: string;
  readonly classes: readonly string[];
  readonly rows: number;
  /** Rows of the rarer class among all rows; the row count for regression. */
  readonly rarerClassRows: number;
}

/** A setting that nobody wrote: what it is and why. */
export interface DefaultUsed {
  readonly path: string;
  readonly value: string;
  readonly why: string;
}

/** The configuration with every default filled in. */
export interface Settings {
  readonly task: Task;
  readonly positive: string | null;
  readonly metrics: readonly string[];
  readonly rankingMetric: string;
  readonly candidates: Readonly<Record<string, CandidateConfig>>;
  readonly maxDrop: Margin;
  readonly looks: number;
  readonly useHoldout: boolean;
  readonly defaults: readonly DefaultUsed[];
}

const metricsByTask: Record<Task, readonly string[]> = {
  binary: ['log_loss', 'roc_auc', 'accuracy', 'brier'],
  multiclass: ['log_loss', 'roc_auc', 'accuracy', 'balanced_accuracy'],
  regression: ['rmse', 'mae', 'r2'],
};

const relativeMetrics = new Set(['log_loss', 'brier', 'rmse', 'mse', 'mae', 'median_absolute_error', 'mape']);

/** Below these no hold-out is carved out of the data (a given one is used): see `docs/how-judging-works.md`. */
export const smallData = { rows: 2000, rarerClass: 100 } as const;

/** Fills in every default and says which ones, in the order of the file. */
export function resolveSettings(config: Config, facts: DataFacts): Settings {
  const defaults: DefaultUsed[] = [];
  const settle = <T>(path: string, written: T | undefined, value: T, why: string): T => {
    if (written !== undefined) return written;
    defaults.push({ path, value: typeof value === 'string' ? value : JSON.stringify(value), why });
    return value;
  };
  const task = settle('task', config.task, facts.task, facts.taskReason);
  const positive =
    task === 'binary'
      ? settle(
          'data.positive',
          config.data.positive,
          facts.classes.at(-1) ?? '',
          'the last class in code-point order',
        )
      : null;
  const holdout = settleHoldout(config, facts, defaults);
  const rankingMetric = settle(
    'gate.metric',
    config.gate.metric,
    task === 'regression' ? 'rmse' : 'log_loss',
    'decides with the fewest rows',
  );
  const metrics = settle('metrics', config.metrics, metricsByTask[task], `usual for ${task}`);
  const candidates = settle(
    'candidates',
    config.candidates,
    defaultCandidates(task),
    'a floor, a line and trees',
  );
  const relative = relativeMetrics.has(rankingMetric);
  return {
    task,
    positive,
    useHoldout: holdout.use,
    metrics: metrics.includes(rankingMetric) ? metrics : [rankingMetric, ...metrics],
    rankingMetric,
    candidates,
    maxDrop: settle<Margin>(
      'gate.block.max-drop',
      config.gate.block['max-drop'],
      relative ? '2%' : 0.01,
      relative ? 'losses are compared relative to the baseline' : 'in units of the metric',
    ),
    looks: settle('gate.promote.looks', config.gate.promote.looks, holdout.looks, holdout.looksReason),
    defaults,
  };
}

function settleHoldout(config: Config, facts: DataFacts, defaults: DefaultUsed[]) {
  const { holdout } = config;
  const wanted = holdout !== 'none';
  const small =
    !isGiven(holdout) && (facts.rows < smallData.rows || facts.rarerClassRows < smallData.rarerClass);
  if (wanted && small)
    defaults.push({
      path: 'holdout',
      value: 'none',
      why: `${smallnessOf(facts)}: cross-validation decides`,
    });
  const looks = facts.rows > 20000 ? 50 : 10;
  return {
    use: wanted && !small,
    looks,
    looksReason: looks === 50 ? 'more than 20,000 rows' : 'at most 20,000 rows',
  };
}

/** Which of the two limits the data stays below. */
function smallnessOf({ rows, rarerClassRows }: DataFacts): string {
  return rows < smallData.rows
    ? `${rows} rows, fewer than ${smallData.rows}`
    : `the rarest class has ${rarerClassRows} rows, fewer than ${smallData.rarerClass}`;
}

function defaultCandidates(task: Task): Record<string, CandidateConfig> {
  const linear = task === 'regression' ? 'linear-regression' : 'logistic-regression';
  const candidate = (trainer: string): CandidateConfig => ({ trainer, params: {} });
  return {
    dummy: candidate('dummy'),
    [task === 'regression' ? 'linear' : 'logistic']: candidate(linear),
    boosting: candidate('gradient-boosting'),
  };
}
