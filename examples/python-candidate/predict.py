"""Scores rows.csv with the model that train.py left; for models that are published without ONNX."""

import os
from pathlib import Path

import joblib

from rows import read_rows, write_predictions

left = joblib.load(Path(os.environ["MODEL_DIR"]) / "model.joblib")
rows = read_rows("rows.csv", left["features"])
write_predictions(left["model"], rows, left["classes"])
