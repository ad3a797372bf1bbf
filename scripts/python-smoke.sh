#!/usr/bin/env bash
# Builds the Python package, installs it into a new virtual environment, and compares what the smallest program writes in Python and in
# JavaScript. Needs npm, python3 with venv, and the package registries of both.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

npx jsii-pacmak --target python --outdir "$scratch/packages"
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet "$scratch"/packages/python/*.whl

cd "$scratch"
CDK8S_OUTDIR=python "$scratch/venv/bin/python" "$root/scripts/python-smoke/smallest.py"

sed -n '/<!-- program: smallest -->/,/^```$/p' "$root/README.md" | sed '1,/^```ts$/d; /^```$/d' > smallest.ts
mkdir -p node_modules
ln -s "$root" node_modules/cdk8s-alb-istio
ln -s "$root"/node_modules/{cdk8s,cdk8s-plus-28,constructs} node_modules/
CDK8S_OUTDIR=javascript NODE_OPTIONS='' "$root/node_modules/.bin/tsx" smallest.ts

diff -r javascript python
echo "the smallest program writes the same YAML in Python as in JavaScript"
