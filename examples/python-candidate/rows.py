"""Reads what the factory hands over: numbers as float32, categories as text, missing as NaN or ''."""

import json
import os
from pathlib import Path

import pandas as pd

IN = Path(os.environ["FACTORY_IN"])
OUT = Path(os.environ["FACTORY_OUT"])


def read_rows(name, features, target=None):
    texts = [f["name"] for f in features if f["type"] == "category"] + ([target] if target else [])
    rows = pd.read_csv(IN / name, dtype={text: str for text in texts})
    rows[texts] = rows[texts].fillna("")
    numbers = numbers_of(features)
    rows[numbers] = rows[numbers].astype("float32")
    return rows


def numbers_of(features):
    """Booleans come as 0 and 1, dates as days since 1970."""
    return [f["name"] for f in features if f["type"] != "category"]


def categories_of(features):
    return [f["name"] for f in features if f["type"] == "category"]


def write_predictions(model, rows, classes):
    """One column for each class, named by it."""
    pd.DataFrame(model.predict_proba(rows), columns=classes).to_csv(OUT / "predictions.csv", index=False)


def read_params():
    return json.loads((IN / "params.json").read_text())
