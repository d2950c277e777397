#!/usr/bin/env bash
# Installs what the training benchmark compares with into a Python environment: install-peers.sh FOLDER
set -euo pipefail
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check \
  lightgbm==4.7.0 xgboost-cpu==3.2.0 scikit-learn==1.9.1
