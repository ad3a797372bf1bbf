#!/bin/sh
# The gate of a pull request: run it in CI, and before you push. It stops at the first step that fails.
#
#   sh gate.sh [STEP…]
#
#   install    npm ci
#   types      type checks the program, which tsx does not do; skipped with a message without tsconfig.json or typescript
#   synth      renders the YAML; also fails if there is YAML that the program does not write, or no longer writes
#   check      runs the checks of cdk8s-alb-istio on the YAML files
#   committed  compares the committed YAML with the rendered YAML
#   kustomize  builds every folder with kubectl kustomize; skipped with a message without kubectl
#
# Without a STEP all of them run, in this order. Exit codes: 0 passed, 1 a step failed, 2 wrong usage.
set -eu
applied=dist              # what clusters apply
rendered='dist clusters'  # everything the program writes; with addGatewayInstall() also: install
output=.cdk8s.out         # where each app writes a copy of its output for the CLI
steps='install types synth check committed kustomize'

fail() {
  printf '\n%s\n' "$1" >&2
  exit 1
}

gate_install() {
  npm ci || exit 1
}

gate_types() {
  if [ -e tsconfig.json ] && node -e 'require.resolve("typescript/package.json")' 2>/dev/null; then
    npx --no -- tsc --noEmit || exit 1
  else
    echo 'tsc not run: no tsconfig.json here, or typescript is not installed'
  fi
}

gate_synth() {
  # The CLI empties that folder first. --output overrides the folder in cdk8s.yaml.
  npx --no -- cdk8s synth --check-upgrade=false --output "$output" || exit 1
  [ -d "$output/$applied" ] || fail "No GitOpsApp of the program writes into $applied:
use for example the folder '$applied/production', and \`output: $output\` in cdk8s.yaml; or set other folders at the top of gate.sh"
  stale=$(stale_folders; stale_files)
  [ -z "$stale" ] || fail "The program no longer writes these, but clusters would still apply them:
$stale
Delete them, and their folder in install if there is one"
  foreign=$(foreign_files)
  [ -z "$foreign" ] || fail "No Kustomization lists these, so \`kubectl apply -f\` would apply them, but kustomize, Flux and Argo CD would not:
$foreign
Move them out of $applied, or add their objects to the program"
}

# shellcheck disable=SC2016 # expanded by the inner shell
stale_folders() {
  find "$applied" -name Kustomization -exec sh -c 'for file; do [ -e "$0/$file" ] || echo "${file%/*}/"; done' "$output" {} +
}

# The first line of a delivery file names the tool that wrote it.
stale_files() {
  for folder in $rendered; do
    [ "$folder" != "$applied" ] && [ -d "$folder" ] || continue
    find "$folder" -type f -exec awk 'FNR == 1 && /^# Written by cdk8s-alb-istio/ { print FILENAME }' {} + |
      while IFS= read -r file; do [ -e "$output/$file" ] || printf '%s\n' "$file"; done
  done
}

# A folder with a kustomization by another name is not managed by this program.
foreign_files() {
  find "$applied" ! -type d \( -name '*.yaml' -o -name '*.yml' -o -name '*.json' \) | while IFS= read -r file; do
    folder=${file%/*}
    if [ -e "$folder/Kustomization" ]; then
      grep -Fqx -e "  - ${file##*/}" "$folder/Kustomization" || printf '%s\n' "$file"
    elif [ ! -e "$folder/kustomization.yaml" ] && [ ! -e "$folder/kustomization.yml" ]; then
      printf '%s\n' "$file"
    fi
  done
}

gate_check() {
  npx --no -- alb-istio check "$applied" || exit 1
}

gate_committed() {
  # shellcheck disable=SC2086 # a list of folders
  set -- $rendered
  fix="Run \`npx cdk8s synth\` and commit: $rendered"
  [ -n "$(git ls-files -- "$applied")" ] || fail "No file of $applied is committed. $fix"
  ignored=$(git ls-files --others --ignored --exclude-standard -- "$@" | grep -E '(\.ya?ml|/Kustomization)"?$' || true)
  [ -z "$ignored" ] || fail "Git ignores rendered YAML, so it never reaches a cluster:
$ignored
Change .gitignore, and commit them"
  changed=$(git status --porcelain --untracked-files=all -- "$@")
  if [ -n "$changed" ]; then
    # Without the lines of deleted files, which are in the list above.
    git --no-pager diff --no-ext-diff --no-color --diff-filter=d HEAD -- "$@" |
      awk -v all="git diff HEAD -- $rendered" 'NR <= 60 { print } END { if (NR > 60) print "... and " (NR - 60) " more lines. All of them: " all }'
    fail "The committed YAML differs from what the program writes:
$changed
$fix"
  fi
  echo "the committed YAML is up to date: $rendered"
}

gate_kustomize() {
  if ! command -v kubectl >/dev/null; then
    echo 'kubectl kustomize not run: no kubectl on this machine'
    return
  fi
  find "$applied" -type f \( -name Kustomization -o -name kustomization.yaml -o -name kustomization.yml \) -exec sh -c '
    for file; do
      objects=$(kubectl kustomize "${file%/*}") || exit
      echo "kubectl kustomize ${file%/*}: $(printf "%s\n" "$objects" | grep -c "^kind:") objects"
    done' sh {} + || exit 1
}

# shellcheck disable=SC2086 # a list of steps
[ $# -gt 0 ] || set -- $steps
for step; do
  command -v "gate_$step" >/dev/null || { echo "gate.sh: unknown step '$step'; steps: $steps" >&2; exit 2; }
done
for step; do
  printf '\n== %s\n' "$step"
  "gate_$step"
done
