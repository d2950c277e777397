"""Checks a folder of models written by onnx-cases.ts: python onnx_agree.py FOLDER

Needs numpy, onnx and onnxruntime. Prints one JSON object and ends with 1 when a model disagrees: it must pass the full
ONNX check, give our labels, our numbers rounded to float32 (2^-24, relative for regression), and the very bits of
onnxruntime-node and of onnxruntime-web's WebAssembly.
"""

import base64
import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime

TOLERANCE = 2**-24


def tensor(values, kind):
    """One column [N, 1]: text, or numbers with null for missing, as the graph's input says."""
    if any(isinstance(value, str) for value in values):
        return numpy.array(values, dtype=object).reshape(-1, 1)
    numbers = [numpy.nan if value is None else value for value in values]
    dtype = numpy.float64 if kind == "tensor(double)" else numpy.float32
    return numpy.array(numbers, dtype=dtype).reshape(-1, 1)


def check(model_file):
    case = json.loads(model_file.with_suffix(".json").read_text(encoding="utf-8"))
    model = onnx.load(model_file)
    onnx.checker.check_model(model, full_check=True)
    external = [t.name for t in model.graph.initializer if t.data_location == onnx.TensorProto.EXTERNAL]
    session = onnxruntime.InferenceSession(model_file, providers=["CPUExecutionProvider"])
    kinds = {entry.name: entry.type for entry in session.get_inputs()}
    answers = session.run(
        None, {feed["name"]: tensor(feed["values"], kinds[feed["name"]]) for feed in case["feeds"]}
    )
    numbers = answers[-1].ravel()
    labels = [] if case["task"] == "regression" else answers[0].tolist()
    ours = numpy.array(case["outputs"])
    scale = numpy.abs(ours) if case["task"] == "regression" else 1
    others = case["runtimes"]
    return {
        "case": model_file.stem,
        "worst": float(numpy.max(numpy.abs(numbers - ours) / scale)),
        "labels_equal": all(said == case["labels"] for said in [labels, *(other["labels"] for other in others.values())]),
        "same_bits": {
            name: numbers.tobytes() == base64.b64decode(other["float32"]) for name, other in others.items()
        },
        "external_data": external,
    }


def agrees(result):
    return (
        result["worst"] <= TOLERANCE
        and result["labels_equal"]
        and list(result["same_bits"]) == ["node", "web"]
        and all(result["same_bits"].values())
        and not result["external_data"]
    )


def main(folder):
    results = [check(file) for file in sorted(pathlib.Path(folder).glob("*.onnx"))]
    failed = [result for result in results if not agrees(result)]
    summary = {
        "onnx": onnx.__version__,
        "onnxruntime": onnxruntime.__version__,
        "cases": len(results),
        "families": sum(result["case"].startswith("family-") for result in results),
        "worst": max((result["worst"] for result in results), default=None),
        "failed": failed,
    }
    print(json.dumps(summary, indent=2))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
