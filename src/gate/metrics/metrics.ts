import type { Task } from '../../contracts/task.ts';
import { predictedClasses } from '../predictions.ts';
import { prepareCalibrationError } from './calibration.ts';
import * as confusionBased from './classification.ts';
import { confusionMatrix, type ConfusionMatrix } from './confusion.ts';
import * as losses from './losses.ts';
import {
  defineMetric,
  type ComparisonKind,
  type Metric,
  type MetricDefinition,
  type RowValues,
} from './metric.ts';
import { oneClass, prepareRocAucOvo, prepareRocAucOvr } from './multiclass.ts';
import { ndcg, prepareAveragePrecision, prepareKolmogorovSmirnov, prepareRocAuc } from './ranking.ts';
import * as regression from './regression.ts';
import { weightedMean } from './weighted.ts';

const classification: readonly Task[] = ['binary', 'multiclass'];
const bootstrap = (): ComparisonKind => ({ kind: 'bootstrap' });

type Basics = Pick<MetricDefinition, 'name' | 'label' | 'tasks' | 'better' | 'unit' | 'needsProbabilities'>;

/** Mean of one loss a row. */
function meanLoss(basics: Basics, rowLosses: RowValues): Metric {
  return defineMetric({
    ...basics,
    comparison: () => ({ kind: 'row-loss', losses: rowLosses }),
    prepare: (predictions, options) => {
      const values = rowLosses(predictions, options);
      return (weights) => weightedMean(values, weights);
    },
  });
}

/** A function of the confusion matrix of most probable classes. */
function fromConfusion(
  name: string,
  label: string,
  tasks: readonly Task[],
  score: (matrix: ConfusionMatrix) => number | null,
): Metric {
  return defineMetric({
    ...{ name, label, tasks, better: 'higher', unit: 'share', needsProbabilities: false },
    comparison: bootstrap,
    prepare: (predictions) => {
      const predicted = predictedClasses(predictions);
      const { y, classes } = predictions;
      return (weights) => {
        const matrix = confusionMatrix(y, predicted, classes, weights);
        return matrix.total > 0 ? score(matrix) : null;
      };
    },
  });
}

/** A ranking metric of the positive class's probability. */
function ofPositiveClass(name: string, label: string, prepare: typeof prepareRocAuc): Metric {
  return defineMetric({
    ...{ name, label, tasks: ['binary'], better: 'higher', unit: 'share', needsProbabilities: true },
    comparison: bootstrap,
    prepare: (predictions) => {
      const { scores, positive } = oneClass(predictions, 1);
      return prepare(scores, positive);
    },
  });
}

/** Any regression metric without a test of its own. */
function ofValues(
  name: string,
  label: string,
  better: Metric['better'],
  unit: Metric['unit'],
  prepare: MetricDefinition['prepare'],
): Metric {
  const basics: Basics = { name, label, tasks: ['regression'], better, unit, needsProbabilities: false };
  return defineMetric({ ...basics, comparison: bootstrap, prepare });
}

const probabilistic = { needsProbabilities: true, better: 'lower', tasks: classification } as const;
const share = { unit: 'share', better: 'higher', tasks: classification } as const;
const error = { needsProbabilities: false, better: 'lower', tasks: ['regression'] } as const;

function rocAuc(name: string, label: string, tasks: readonly Task[], average: 'macro' | 'weighted'): Metric {
  return defineMetric({
    ...{ name, label, tasks, better: 'higher', unit: 'share', needsProbabilities: true },
    comparison: (task) => ({ kind: task === 'binary' ? 'roc-auc' : 'bootstrap' }),
    prepare: (predictions) => {
      if (predictions.task === 'multiclass') return prepareRocAucOvr(predictions, average);
      const { scores, positive } = oneClass(predictions, 1);
      return prepareRocAuc(scores, positive);
    },
  });
}

const { averageOverClasses, fBeta, precision, recall } = confusionBased;
const f1Of = (matrix: ConfusionMatrix, k: number) => fBeta(matrix, k, 1);

const all: readonly Metric[] = [
  meanLoss({ name: 'log_loss', label: 'log loss', unit: 'nats', ...probabilistic }, losses.logLosses),
  meanLoss({ name: 'brier', label: 'Brier score', unit: 'none', ...probabilistic }, losses.brierLosses),
  rocAuc('roc_auc', 'ROC AUC', classification, 'macro'),
  rocAuc('roc_auc_ovr_weighted', 'ROC AUC (one against rest, weighted)', ['multiclass'], 'weighted'),
  defineMetric({
    ...{ name: 'roc_auc_ovo', label: 'ROC AUC (pairs of classes)', tasks: ['multiclass'], better: 'higher' },
    ...{ unit: 'share', needsProbabilities: true, comparison: bootstrap, prepare: prepareRocAucOvo },
  }),
  ofPositiveClass('average_precision', 'average precision', prepareAveragePrecision),
  ofPositiveClass('ks', 'Kolmogorov-Smirnov', prepareKolmogorovSmirnov),
  defineMetric({
    ...{ name: 'ece', label: 'calibration error', unit: 'share', ...probabilistic, comparison: bootstrap },
    prepare: (predictions) => prepareCalibrationError(predictions, 'expected'),
  }),
  defineMetric({
    ...{ name: 'mce', label: 'largest calibration error', unit: 'share', ...probabilistic },
    comparison: bootstrap,
    prepare: (predictions) => prepareCalibrationError(predictions, 'maximum'),
  }),
  defineMetric({
    ...{ name: 'accuracy', label: 'accuracy', ...share, needsProbabilities: false },
    comparison: () => ({ kind: 'hits', hits: losses.hits }),
    prepare: (predictions) => {
      const hits = losses.hits(predictions);
      return (weights) => weightedMean(hits, weights);
    },
  }),
  defineMetric({
    ...{ name: 'top_2_accuracy', label: 'top-2 accuracy', ...share, tasks: ['multiclass'] },
    needsProbabilities: true,
    comparison: () => ({ kind: 'hits', hits: (predictions) => losses.topHits(predictions, 2) }),
    prepare: (predictions) => {
      const hits = losses.topHits(predictions, 2);
      return (weights) => weightedMean(hits, weights);
    },
  }),
  fromConfusion('balanced_accuracy', 'balanced accuracy', classification, confusionBased.balancedAccuracy),
  fromConfusion('mcc', 'Matthews correlation', classification, confusionBased.matthews),
  fromConfusion('cohen_kappa', "Cohen's kappa", classification, (matrix) =>
    confusionBased.cohenKappa(matrix),
  ),
  fromConfusion('f1', 'F1', ['binary'], (matrix) => f1Of(matrix, 1)),
  fromConfusion('f2', 'F2', ['binary'], (matrix) => fBeta(matrix, 1, 2)),
  fromConfusion('precision', 'precision', ['binary'], (matrix) => precision(matrix, 1)),
  fromConfusion('recall', 'recall', ['binary'], (matrix) => recall(matrix, 1)),
  ...(['macro', 'weighted'] as const).flatMap((average) => [
    fromConfusion(`f1_${average}`, `F1 (${average})`, classification, (matrix) =>
      averageOverClasses(matrix, f1Of, average),
    ),
    fromConfusion(`precision_${average}`, `precision (${average})`, classification, (matrix) =>
      averageOverClasses(matrix, precision, average),
    ),
    fromConfusion(`recall_${average}`, `recall (${average})`, classification, (matrix) =>
      averageOverClasses(matrix, recall, average),
    ),
  ]),
  meanLoss({ name: 'mae', label: 'MAE', unit: 'target', ...error }, losses.absoluteErrors),
  meanLoss({ name: 'mse', label: 'MSE', unit: 'target-squared', ...error }, losses.squaredErrors),
  meanLoss({ name: 'mape', label: 'MAPE', unit: 'share', ...error }, losses.relativeErrors),
  defineMetric({
    ...{ name: 'rmse', label: 'RMSE', unit: 'target', ...error },
    comparison: () => ({ kind: 'root-of-row-loss', losses: losses.squaredErrors }),
    prepare: (predictions) => {
      const squares = losses.squaredErrors(predictions);
      return (weights) => regression.rootOf(weightedMean(squares, weights));
    },
  }),
  ofValues('r2', 'R²', 'higher', 'none', regression.prepareR2),
  ofValues('explained_variance', 'explained variance', 'higher', 'none', regression.prepareExplainedVariance),
  ofValues(
    'median_absolute_error',
    'median absolute error',
    'lower',
    'target',
    regression.prepareMedianAbsoluteError,
  ),
  ofValues('max_error', 'largest error', 'lower', 'target', regression.prepareMaxError),
  ofValues('rmsle', 'RMSLE', 'lower', 'none', regression.prepareRootMeanSquaredLogError),
  ofValues('poisson_deviance', 'Poisson deviance', 'lower', 'none', regression.prepareMeanPoissonDeviance),
  ofValues('pearson', "Pearson's r", 'higher', 'none', regression.prepareOverRows(regression.pearson)),
  ofValues('spearman', "Spearman's rho", 'higher', 'none', regression.prepareOverRows(regression.spearman)),
  ofValues('ndcg', 'NDCG', 'higher', 'share', regression.prepareOverRows(gainOfRanking)),
];

/** Ranking by predicted value where the truth is a relevance of 0 or more. */
function gainOfRanking(truth: Float64Array, predicted: Float64Array): number | null {
  return truth.every((relevance) => relevance >= 0) ? ndcg(truth, predicted) : null;
}

/** Every metric by name; a new one is one entry above. */
export const metrics: ReadonlyMap<string, Metric> = new Map(all.map((metric) => [metric.name, metric]));

/** The metric of that name; the configuration's schema has already refused unknown ones. */
export function findMetric(name: string): Metric {
  const metric = metrics.get(name);
  if (!metric) throw new Error(`unknown metric ${name}`);
  return metric;
}
