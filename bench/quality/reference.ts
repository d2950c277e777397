/** Mean scores over the five folds of scikit-learn 1.9.1 with default parameters, nothing tuned. */
export interface DataSet {
  readonly name: string;
  /** CSV file and fold file within the data folder. */
  readonly file: string;
  readonly folds: string;
  readonly task: 'binary' | 'multiclass' | 'regression';
  readonly target: string;
  readonly positive?: string;
  readonly drop?: readonly string[];
  readonly missing?: readonly string[];
  readonly types?: Readonly<Record<string, string>>;
  /** accuracy, ROC AUC, log loss; or R², RMSE, MAE. */
  readonly boosting: readonly [number, number, number];
  /** LogisticRegression(C=1) or Ridge(1.0) after median imputation, scaling and one-hot encoding. */
  readonly linear: readonly [number, number, number];
}

const missing = ['', 'NA', '?'];

export const dataSets: readonly DataSet[] = [
  {
    ...{ name: 'iris', file: 'iris.csv', folds: 'iris.csv', task: 'multiclass', target: 'species' },
    boosting: [0.9467, 0.9877, 0.3634],
    linear: [0.96, 0.9983, 0.1548],
  },
  {
    ...{ name: 'penguins', file: 'penguins.csv', folds: 'penguins.csv', task: 'multiclass' },
    ...{ target: 'species', missing },
    boosting: [0.9855, 0.9997, 0.0497],
    linear: [0.9884, 1, 0.0365],
  },
  {
    ...{ name: 'titanic', file: 'titanic.csv', folds: 'titanic.csv', task: 'binary', target: 'Survived' },
    ...{ positive: '1', drop: ['PassengerId', 'Name', 'Ticket', 'Cabin'], missing },
    boosting: [0.8125, 0.8636, 0.4799],
    linear: [0.789, 0.8468, 0.4581],
  },
  {
    ...{ name: 'adult', file: 'adult.csv', folds: 'adult.csv', task: 'binary', target: 'income' },
    ...{ positive: '>50K', missing, types: { fnlwgt: 'numeric' } },
    boosting: [0.8739, 0.9292, 0.2755],
    linear: [0.8528, 0.9066, 0.3182],
  },
  {
    ...{ name: 'bank, no duration', file: 'bank_marketing.csv', folds: 'bank_marketing.csv' },
    ...{ task: 'binary', target: 'y', positive: 'yes', drop: ['duration'], missing },
    boosting: [0.9004, 0.8037, 0.2702],
    linear: [0.8996, 0.7914, 0.2771],
  },
  {
    ...{ name: 'electricity', file: 'electricity.csv', folds: 'electricity.csv', task: 'binary' },
    ...{ target: 'class', positive: '1' },
    boosting: [0.8047, 0.8859, 0.4171],
    linear: [0.7578, 0.8119, 0.5128],
  },
  {
    ...{ name: 'wine, 7 classes', file: 'wine_quality.csv', folds: 'wine_quality.csv' },
    ...{ task: 'multiclass', target: 'quality' },
    boosting: [0.6211, 0.7315, 2.9251],
    linear: [0.5418, 0.7707, 1.0721],
  },
  {
    ...{ name: 'wine', file: 'wine_quality.csv', folds: 'wine_quality.regression.csv' },
    ...{ task: 'regression', target: 'quality' },
    boosting: [0.4579, 0.64255, 0.48879],
    linear: [0.2923, 0.73415, 0.56974],
  },
  {
    ...{ name: 'california housing', file: 'california_housing.csv', folds: 'california_housing.csv' },
    ...{ task: 'regression', target: 'median_house_value' },
    boosting: [0.8292, 47679, 31867],
    linear: [0.6438, 68858, 49894],
  },
  {
    ...{ name: 'auto mpg', file: 'auto_mpg.csv', folds: 'auto_mpg.csv', task: 'regression' },
    ...{ target: 'mpg', drop: ['name'] },
    boosting: [0.8743, 2.7455, 1.9403],
    linear: [0.8129, 3.3644, 2.5909],
  },
];
