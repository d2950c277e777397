"""Scores scikit-learn's estimators on the given folds: python scikit.py DIR [NAME ...] > scores.json

With names it scores these estimators alone (dummy, linear, boosting, forest, net, bayes,
neighbours) and keeps the others of reference.json.

Needs scikit-learn and pandas. HistGradientBoosting takes categories and missing values as they are; LogisticRegression
(C=1, max_iter=2000), Ridge(1.0) and MLP (two hidden layers of 64, early stopping, a standardised target) follow median
imputation, standard scaling and one-hot encoding; RandomForest(100) follows median imputation and ordinal codes. GaussianNB
(which takes one-hot columns for normal ones) and the 5 nearest neighbours by brute force see what the linear models see.
A net's score is the mean over three seeds, and a forest's of fewer than 10,000 rows.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import sklearn
from sklearn import metrics
from sklearn.compose import TransformedTargetRegressor, make_column_selector, make_column_transformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

here = Path(__file__).parent
folder = Path(sys.argv[1])


def read(data):
    table = pd.read_csv(folder / data["file"], na_values=["", "NA", "?"], keep_default_na=False)
    if "calendar" in data:
        moment = pd.to_datetime(table[data["calendar"]])
        table = table.assign(hour=moment.dt.hour, weekday=moment.dt.dayofweek)
    y = table.pop(data["target"])
    x = table.drop(columns=data.get("drop", []))
    texts = x.select_dtypes(exclude="number").columns
    return x.astype({name: "category" for name in texts}), y


def standard(model, sparse=True):
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    levels = OneHotEncoder(handle_unknown="ignore", sparse_output=sparse)
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (levels, make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(columns, model)


def ordinal(model):
    levels = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
    columns = make_column_transformer(
        (SimpleImputer(strategy="median"), make_column_selector(dtype_include="number")),
        (levels, make_column_selector(dtype_exclude="number")),
    )
    return make_pipeline(columns, model)


def estimators(task, seed):
    net = {"hidden_layer_sizes": [64, 64], "early_stopping": True, "random_state": seed}
    if task == "regression":
        return {
            "dummy": DummyRegressor(),
            "linear": standard(Ridge(1.0)),
            "boosting": HistGradientBoostingRegressor(random_state=0),
            "forest": ordinal(RandomForestRegressor(random_state=seed)),
            "net": TransformedTargetRegressor(standard(MLPRegressor(**net)), transformer=StandardScaler()),
            "neighbours": standard(KNeighborsRegressor(algorithm="brute"), sparse=False),
        }
    return {
        "dummy": DummyClassifier(),
        "linear": standard(LogisticRegression(C=1.0, max_iter=2000)),
        "boosting": HistGradientBoostingClassifier(random_state=0),
        "forest": ordinal(RandomForestClassifier(random_state=seed)),
        "net": standard(MLPClassifier(**net)),
        "bayes": standard(GaussianNB(), sparse=False),
        "neighbours": standard(KNeighborsClassifier(algorithm="brute"), sparse=False),
    }


def score(task, model, x, y):
    if task == "regression":
        p = model.predict(x)
        return [metrics.r2_score(y, p), metrics.root_mean_squared_error(y, p), metrics.mean_absolute_error(y, p)]
    p = model.predict_proba(x)
    if task == "binary":
        auc = metrics.roc_auc_score(y, p[:, 1])
    else:
        auc = metrics.roc_auc_score(y, p, multi_class="ovr", labels=model.classes_)
    return [metrics.accuracy_score(y, model.predict(x)), auc, metrics.log_loss(y, p, labels=model.classes_)]


def by_fold(task, name, x, y, folds):
    by_chance = name == "net" or (name == "forest" and len(y) < 10_000)
    seeds = range(3) if by_chance else [0]
    scores = []
    for fold in sorted(set(folds)):
        train, test = folds != fold, folds == fold
        models = [estimators(task, seed)[name].fit(x[train], y[train]) for seed in seeds]
        scores.append(np.mean([score(task, model, x[test], y[test]) for model in models], axis=0).round(6).tolist())
    return scores


asked = sys.argv[2:]
known = json.loads((here / "reference.json").read_text())["scores"] if asked else {}
results = {}
for data in json.loads((here / "sets.json").read_text()):
    x, y = read(data)
    folds = pd.read_csv(folder / "folds" / data.get("folds", data["file"]))["fold"].to_numpy()
    task = data["task"]
    results[data["name"]] = known.get(data["name"], {}) | {
        name: by_fold(task, name, x, y, folds) for name in estimators(task, 0) if not asked or name in asked
    }
    means = {name: np.mean(scores, axis=0).round(4).tolist() for name, scores in results[data["name"]].items()}
    print(data["name"], len(y), x.shape[1], means, file=sys.stderr)
print(json.dumps({"version": sklearn.__version__, "scores": results}))
