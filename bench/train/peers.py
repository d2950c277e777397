"""One fit of another engine, in one thread: peers.py FOLDER ENGINE prints processor time and score as JSON."""

import json
import os
import sys
import time
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402  (after the number of threads)

folder, engine = sys.argv[1:]
with open(f"{folder}/case.json") as file:
    case = json.load(file)
x = np.fromfile(f"{folder}/x", np.float32).reshape(case["rows"], case["width"])
y = np.fromfile(f"{folder}/y", np.float64)
trained = case["trained"]
categorical = [j for j, levels in enumerate(case["levels"]) if levels > 0]
if case["task"] != "regression":
    y = y.astype(np.int32)
kind = "Regressor" if case["task"] == "regression" else "Classifier"


def boosting():
    if engine == "lightgbm":
        import lightgbm

        model = getattr(lightgbm, f"LGBM{kind}")(n_estimators=100, num_leaves=31, learning_rate=0.1, n_jobs=1, verbose=-1)
        return model, {"categorical_feature": categorical} if categorical else {}
    if engine == "xgboost":
        import xgboost

        types = ["c" if j in categorical else "q" for j in range(case["width"])]
        return (
            getattr(xgboost, f"XGB{kind}")(
                n_estimators=100, max_leaves=31, max_depth=0, grow_policy="lossguide", learning_rate=0.1,
                tree_method="hist", n_jobs=1, feature_types=types, enable_categorical=True,
            ),
            {},
        )
    from sklearn import ensemble

    model = getattr(ensemble, f"HistGradientBoosting{kind}")(early_stopping=False, categorical_features=categorical or None)
    return model, {}


def net():
    from sklearn import neural_network

    return getattr(neural_network, f"MLP{kind}")(**case["params"], random_state=1), {}


def forest():
    from sklearn import ensemble

    return getattr(ensemble, f"RandomForest{kind}")(**case["params"], n_jobs=1, random_state=1), {}


def logistic():
    from sklearn import linear_model

    return linear_model.LogisticRegression(**case["params"]), {}


families = {
    "gradient-boosting": boosting, "neural-network": net, "random-forest": forest, "logistic-regression": logistic,
}
model, extra = families[case["trainer"]]()
before = time.process_time()
model.fit(x[:trained], y[:trained], **extra)
cpu = (time.process_time() - before) * 1000

if case["task"] == "regression":
    loss = float(np.sqrt(np.mean((model.predict(x[trained:]) - y[trained:]) ** 2)))
else:
    found = np.clip(model.predict_proba(x[trained:]), 1e-15, 1)
    loss = float(-np.mean(np.log(found[np.arange(len(found)), y[trained:]])))
print(json.dumps({"cpuMs": cpu, "loss": loss}))
