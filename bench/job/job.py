"""The job of job.yml with scikit-learn: python job.py DIR

Two processes, each with one thread: of the ways that were tried (one pool for everything, threads inside the
estimators, one cross-validation after the other) the fastest.
"""

import sys
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

folder = Path(sys.argv[1])
table = pd.read_csv(folder / "bank_marketing.csv", na_values=["", "NA", "?"], keep_default_na=False)
y = (table.pop("y") == "yes").to_numpy().astype(int)
x = table.drop(columns="duration")
x = x.astype({name: "category" for name in x.select_dtypes(exclude="number").columns})
folds = pd.read_csv(folder / "folds" / "bank_marketing.csv")["fold"].to_numpy()
numbers = make_column_selector(dtype_include="number")
texts = make_column_selector(dtype_exclude="number")


def standard(model, sparse=True):
    scaled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    levels = OneHotEncoder(handle_unknown="ignore", sparse_output=sparse)
    return make_pipeline(make_column_transformer((scaled, numbers), (levels, texts)), model)


def ordinal(model):
    levels = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2)
    return make_pipeline(make_column_transformer((SimpleImputer(strategy="median"), numbers), (levels, texts)), model)


models = {
    "net": standard(MLPClassifier(hidden_layer_sizes=[64, 64], early_stopping=True, random_state=0)),
    "neighbours": standard(KNeighborsClassifier(algorithm="brute"), sparse=False),
    "forest": ordinal(RandomForestClassifier(random_state=0)),
    "boosting": HistGradientBoostingClassifier(random_state=0),
    "logistic": standard(LogisticRegression(C=1.0, max_iter=2000)),
    "bayes": standard(GaussianNB(), sparse=False),
    "dummy": DummyClassifier(),
}
scoring = ["neg_log_loss", "roc_auc", "accuracy", "neg_brier_score"]


scores = {
    name: cross_validate(model, x, y, cv=PredefinedSplit(folds), scoring=scoring, n_jobs=2)
    for name, model in models.items()
}
fitted = Parallel(n_jobs=2)(delayed(clone(model).fit)(x, y) for model in models.values())
losses = {name: -one["test_neg_log_loss"].mean() for name, one in scores.items()}
print({name: round(loss, 4) for name, loss in losses.items()}, min(losses, key=losses.get))
