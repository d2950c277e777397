"""One fit of LightGBM: reads train.csv, test.csv and params.json, writes predictions.csv and, at last, model.onnx."""

import argparse
import json
import os
from pathlib import Path

import pandas as pd
from lightgbm import LGBMRegressor
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

IN = Path(os.environ["FACTORY_IN"])
OUT = Path(os.environ["FACTORY_OUT"])

arguments = argparse.ArgumentParser()
arguments.add_argument("--leaves", type=int, required=True)
arguments.add_argument("--rounds", type=int, required=True)
args = arguments.parse_args()

fit = json.loads((IN / "params.json").read_text())
features, target = fit["features"], fit["target"]
categories = [f["name"] for f in features if f["type"] == "category"]
numbers = [f["name"] for f in features if f["type"] != "category"]


def read(name):
    """Numbers as float32, which is what the ONNX model takes; categories as text, missing ones ''."""
    rows = pd.read_csv(IN / name, dtype=dict.fromkeys(categories, str))
    rows[categories] = rows[categories].fillna("")
    rows[numbers] = rows[numbers].astype("float32")
    return rows


train, test = read("train.csv"), read("test.csv")
model = make_pipeline(
    ColumnTransformer(
        [
            # LightGBM takes missing numbers as they are, its ONNX form only where training met some in the column.
            ("numbers", SimpleImputer(strategy="median"), numbers),
            ("categories", OneHotEncoder(handle_unknown="ignore"), categories),
        ],
        sparse_threshold=0,
    ),
    LGBMRegressor(
        n_estimators=args.rounds,
        num_leaves=args.leaves,
        min_child_samples=10,
        learning_rate=0.05,
        random_state=fit["seed"],
        deterministic=True,
        force_row_wise=True,
        n_jobs=1,
        verbose=-1,
    ),
)
model.fit(train.drop(columns=target), train[target])
pd.DataFrame({"prediction": model.predict(test)}).to_csv(OUT / "predictions.csv", index=False)

if fit["fit"] == "final":
    from onnxmltools.convert.lightgbm.operator_converters.LightGbm import convert_lightgbm
    from skl2onnx import to_onnx, update_registered_converter
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    from skl2onnx.common.shape_calculator import calculate_linear_regressor_output_shapes

    update_registered_converter(
        LGBMRegressor,
        "LightGbmLGBMRegressor",
        calculate_linear_regressor_output_shapes,
        convert_lightgbm,
        options={"split": None},
    )
    inputs = [
        (f["name"], StringTensorType([None, 1]) if f["type"] == "category" else FloatTensorType([None, 1]))
        for f in features
    ]
    onnx = to_onnx(model, initial_types=inputs, target_opset={"": 18, "ai.onnx.ml": 3})
    (OUT / "model.onnx").write_bytes(onnx.SerializeToString())
