#!/usr/bin/env bash
# Installs what the end-to-end tests and the linters of workflows need into .tools/, where it isn't there yet.
# Needs Go, Node and Python 3. Nothing outside .tools/ changes, but for their own caches.
set -euo pipefail
cd "$(dirname "$0")/.."

act=v0.2.89
actionlint=v1.7.12
python_tools=(zizmor==1.32.0 check-jsonschema==0.39.0 gto==1.10.1 numpy==2.4.6 onnx==1.23.2 onnxruntime==1.31.1
  scikit-learn==1.9.1 skl2onnx==1.20.0 pandas==3.1.1 lightgbm==4.7.0 onnxmltools==1.16.0)
onnxruntime_web=1.30.0

mkdir -p .tools/bin

go_tool() { # go_tool NAME MODULE VERSION
  local stamp=".tools/bin/.$1-$3"
  [ -x ".tools/bin/$1" ] && [ -e "$stamp" ] && return
  echo "installing $1 $3"
  GOBIN="$PWD/.tools/bin" GOFLAGS=-trimpath go install "$2@$3"
  rm -f .tools/bin/."$1"-*
  touch "$stamp"
}

python_venv() {
  local stamp=".tools/venv/.installed" wanted="${python_tools[*]}"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  echo "installing $wanted"
  python3 -m venv .tools/venv
  .tools/venv/bin/pip install --quiet --disable-pip-version-check "${python_tools[@]}"
  echo "$wanted" >"$stamp"
  for name in zizmor check-jsonschema gto; do ln -sf "../venv/bin/$name" ".tools/bin/$name"; done
}

# 140 MB unpacked, which nobody but the comparison of runtimes needs.
npm_tool() { # npm_tool NAME VERSION
  local stamp=".tools/node_modules/.$1-$2"
  [ -e "$stamp" ] && return
  echo "installing $1 $2"
  npm install --prefix .tools --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --silent "$1@$2"
  touch "$stamp"
}

go_tool act github.com/nektos/act "$act"
go_tool actionlint github.com/rhysd/actionlint/cmd/actionlint "$actionlint"
python_venv
npm_tool onnxruntime-web "$onnxruntime_web"
echo "tools are in .tools/bin"
