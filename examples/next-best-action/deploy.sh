#!/bin/sh
# Puts a model where its service reads it, below $DEPLOY_TO (default: ~/models), and switches over at the very end.
# Runs with MODEL_DIR, MODEL_NAME, MODEL_VERSION, PREVIOUS_VERSION and STAGE; any other exit code than 0 is a failure.
set -eu

home="${DEPLOY_TO:-$HOME/models}/$STAGE/$MODEL_NAME"
mkdir -p "$home/$MODEL_VERSION"
cp "$MODEL_DIR"/* "$home/$MODEL_VERSION/"

# What arrived is what was released.
(cd "$home/$MODEL_VERSION" && sha256sum --check --quiet SHA256SUMS)

# Renaming a link is atomic: readers see the old model or the new one, never half of one.
ln -sfn "$MODEL_VERSION" "$home/next"
mv -fT "$home/next" "$home/current"
echo "$MODEL_NAME $MODEL_VERSION serves $STAGE (before: ${PREVIOUS_VERSION:-nothing})"
