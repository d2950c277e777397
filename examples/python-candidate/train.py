"""One fit of a candidate: reads train.csv, test.csv and params.json, writes predictions.csv and, at last, the model."""

import argparse

import joblib
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from rows import OUT, categories_of, numbers_of, read_params, read_rows, write_predictions

arguments = argparse.ArgumentParser()
arguments.add_argument("--model", choices=["logistic", "forest"], required=True)
arguments.add_argument("--c", type=float, default=1.0)
arguments.add_argument("--trees", type=int, default=100)
args = arguments.parse_args()

fit = read_params()
features, classes, target = fit["features"], fit["classes"], fit["target"]
train = read_rows("train.csv", features, target)
test = read_rows("test.csv", features)

predictor = (
    LogisticRegression(C=args.c, max_iter=1000)
    if args.model == "logistic"
    else RandomForestClassifier(args.trees, min_samples_leaf=3, random_state=fit["seed"])
)
model = make_pipeline(
    ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers_of(features)),
            ("categories", OneHotEncoder(handle_unknown="ignore"), categories_of(features)),
        ]
    ),
    predictor,
)
# The number of the class keeps the probabilities in the order of `classes`, whatever the classes are called.
model.fit(train.drop(columns=target), train[target].map(classes.index))
write_predictions(model, test, classes)

if fit["fit"] == "final" and args.model == "logistic":
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    inputs = [
        (f["name"], StringTensorType([None, 1]) if f["type"] == "category" else FloatTensorType([None, 1]))
        for f in features
    ]
    onnx = to_onnx(model, initial_types=inputs, options={"zipmap": False})
    (OUT / "model.onnx").write_bytes(onnx.SerializeToString())
elif fit["fit"] == "final":
    joblib.dump({"model": model, "features": features, "classes": classes}, OUT / "model.joblib")
