#!/bin/sh
# The gate of a pull request: what every CI runs, and what you can run before you push. It stops at the first step that fails.
#
#   sh gate.sh [STEP…]
#
#   install    npm ci
#   types      tsc compiles the program, because tsx does not check types; skipped without tsconfig.json or typescript
#   synth      the program writes the YAML; fails if there are other YAML files, or files that it no longer writes
#   check      cdk8s-alb-istio checks the YAML files
#   committed  the committed files are those that the program writes
#   kustomize  kustomize can build every folder; skipped if kubectl is not installed
#
# Without a STEP, all of them run in this order. One more step runs only on request:
#
#   diff       prints as Markdown what the branch changes in the YAML, compared with the commit BASE:
#              BASE=origin/main sh gate.sh diff. With DIFF=FILE it writes the file instead
#
# Exit code 0: all steps passed. 1: a step failed. 2: wrong usage.
set -eu
applied=dist              # the folder that clusters apply
rendered='dist clusters'  # all folders that the program writes; with addGatewayInstall() also: install
output=.cdk8s.out         # where each app leaves a copy of its files for the cdk8s CLI
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
    echo 'tsc skipped: there is no tsconfig.json, or typescript is not installed'
  fi
}

gate_synth() {
  # The CLI empties this folder first. Passing its name here overrides cdk8s.yaml.
  npx --no -- cdk8s synth --check-upgrade=false --output "$output" || exit 1
  [ -d "$output/$applied" ] || fail "No GitOpsApp of the program writes into $applied.
Give one the folder '$applied/production', for example, and set \`output: $output\` in cdk8s.yaml; or change the folders at the top of gate.sh"
  stale=$(stale_folders; stale_files)
  [ -z "$stale" ] || fail "The program no longer writes these, but clusters would still apply them:
$stale
Delete them, and their folder in install if there is one"
  foreign=$(foreign_files)
  [ -z "$foreign" ] || fail "These are not listed in a Kustomization, so \`kubectl apply -f\` would apply them, but kustomize, Flux and Argo CD would not:
$foreign
Move them out of $applied, or add their objects to the program"
}

# shellcheck disable=SC2016 # expanded by the inner shell
stale_folders() {
  find "$applied" -name Kustomization -exec sh -c 'for file; do [ -e "$0/$file" ] || echo "${file%/*}/"; done' "$output" {} +
}

# The first line of a delivery file says who wrote it.
stale_files() {
  for folder in $rendered; do
    [ "$folder" != "$applied" ] && [ -d "$folder" ] || continue
    find "$folder" -type f -exec awk 'FNR == 1 && /^# Written by cdk8s-alb-istio/ { print FILENAME }' {} + |
      while IFS= read -r file; do [ -e "$output/$file" ] || printf '%s\n' "$file"; done
  done
}

# A folder with a kustomization file of another name was not written by the program.
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
  [ -z "$ignored" ] || fail "Git ignores these files, so no cluster would apply them:
$ignored
Change .gitignore, and commit them"
  changed=$(git status --porcelain --untracked-files=all -- "$@")
  if [ -n "$changed" ]; then
    # Without the content of deleted files, which are in the list anyway.
    git --no-pager diff --no-ext-diff --no-color --diff-filter=d HEAD -- "$@" |
      awk -v all="git diff HEAD -- $rendered" 'NR <= 60 { print } END { if (NR > 60) print "... and " (NR - 60) " more lines. To see all of them: " all }'
    fail "The committed files are not those that the program writes:
$changed
$fix"
  fi
  echo "the committed files are those that the program writes: $rendered"
}

gate_kustomize() {
  if ! command -v kubectl >/dev/null; then
    echo 'kubectl kustomize skipped: kubectl is not installed'
    return
  fi
  find "$applied" -type f \( -name Kustomization -o -name kustomization.yaml -o -name kustomization.yml \) -exec sh -c '
    for file; do
      objects=$(kubectl kustomize "${file%/*}") || exit
      echo "kubectl kustomize ${file%/*}: $(printf "%s\n" "$objects" | grep -c "^kind:") objects"
    done' sh {} + || exit 1
}

# Files of `install` are not Kubernetes objects.
gate_diff() {
  [ -n "${BASE-}" ] || fail 'Set BASE to the commit to compare with, such as BASE=origin/main'
  base=$(git merge-base "$BASE" HEAD) ||
    fail "'$BASE' and HEAD have no common commit. Fetch the complete history (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)"
  here=$(git rev-parse --show-prefix)
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  mkdir -p "$scratch/old/$here" "$scratch/new"
  for folder in $rendered; do
    [ "$folder" != install ] || continue
    if git cat-file -e "$base:$here$folder" 2>/dev/null; then
      git -C "$(git rev-parse --show-toplevel)" archive "$base" "$here$folder" | tar -x -C "$scratch/old"
    fi
    if [ -d "$folder" ]; then
      cp -R "$folder" "$scratch/new/"
    fi
  done
  # Exit code 1 means that there are differences.
  npx --no -- alb-istio diff --format markdown "$scratch/old/$here" "$scratch/new" > "$scratch/diff.md" || [ $? -eq 1 ] || exit 1
  if [ -n "${DIFF-}" ]; then
    cp "$scratch/diff.md" "$DIFF"
  else
    cat "$scratch/diff.md"
  fi
}

# shellcheck disable=SC2086 # a list of steps
[ $# -gt 0 ] || set -- $steps
for step; do
  command -v "gate_$step" >/dev/null || { echo "gate.sh: unknown step '$step'; steps: $steps diff" >&2; exit 2; }
done
for step; do
  [ "$step" = diff ] || printf '\n== %s\n' "$step"
  "gate_$step"
done
