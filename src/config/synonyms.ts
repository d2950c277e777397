import { nearest } from './nearest.ts';

/** What other libraries call it (lower case, without `-`, `_` and blanks), and how it is written here. */
const synonyms: Readonly<Record<string, string>> = {
  // trainers
  ...{ lightgbm: 'gradient-boosting', lgbm: 'gradient-boosting', xgboost: 'gradient-boosting' },
  ...{ catboost: 'gradient-boosting', histgradientboosting: 'gradient-boosting' },
  ...{ mlp: 'neural-network', knn: 'k-nearest-neighbours', kneighbors: 'k-nearest-neighbours' },
  ...{ ridge: 'linear-regression', lasso: 'elastic-net', gaussiannb: 'naive-bayes' },
  ...{ voting: 'ensemble', stacking: 'ensemble', calibratedcv: 'calibrated', python: 'command' },
  // parameters of gradient boosting
  ...{ nestimators: 'max_iter', numleaves: 'max_leaf_nodes', minchildsamples: 'min_samples_leaf' },
  ...{ reglambda: 'l2_regularization', regalpha: 'l1_regularization', eta: 'learning_rate' },
  // metrics
  ...{ crossentropy: 'log_loss', praucscore: 'average_precision', prauc: 'average_precision' },
  ...{ meanabsoluteerror: 'mae', meansquarederror: 'mse', rootmeansquarederror: 'rmse' },
  ...{ meanabsolutepercentageerror: 'mape', matthewscorrcoef: 'mcc' },
  // types of columns
  ...{ number: 'numeric', integer: 'numeric', int: 'numeric', float: 'numeric', double: 'numeric' },
  ...{ string: 'categorical', str: 'categorical', text: 'categorical', category: 'categorical' },
  ...{ object: 'categorical', bool: 'boolean', timestamp: 'date' },
};

/** The name that a word most likely stands for: that of another library, or the nearest by its letters. */
export function meant(word: string, names: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replace(/[-_ ]/g, '');
  const bare = plain.replace(/^neg/, '').replace(/(classifier|regressor|score)$/, '');
  const known = synonyms[plain] ?? synonyms[bare];
  if (known !== undefined && names.includes(known)) return known;
  return names.find((name) => name.replace(/[-_]/g, '') === bare) ?? nearest(word, names);
}
