#!/usr/bin/env bash
# What a runner does before it can run job.py: a new environment, filled without a cache.
set -euo pipefail
python3 -m venv "$1"
"$1/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check scikit-learn pandas
