#!/bin/sh
# The gate of a pull request: what every CI runs, and what you can run before you push. It stops at the first step that fails.
#
#   sh gate.sh [STEP…]
#
#   install    npm ci
#   synth      the program writes the YAML; a folder that it no longer writes fails
#   check      the checks of cdk8s-alb-istio, on the YAML as it lies there
#   committed  what is committed is what the program has written
#   kustomize  kustomize takes every folder; left out, and said so, where kubectl is not installed
#
# Without a STEP all of them run, in this order. Exit code 0: the gate is open. 2: wrong usage. Any other: a step failed.
set -eu
applied=dist              # what clusters apply
rendered='dist clusters'  # all that the program writes; with addGatewayInstall() also: install

fail() {
  printf '\n%s\n' "$1" >&2
  exit 1
}

gate_install() {
  npm ci
}

gate_synth() {
  npx --no -- cdk8s synth --check-upgrade=false
  # The CLI has emptied its own output folder, and each GitOpsApp has left there a copy of what it has written.
  output=$(sed -n 's/^output: *//p' cdk8s.yaml)
  [ -d "$output/$applied" ] || return 0
  # shellcheck disable=SC2016 # expanded by the inner shell
  left=$(find "$applied" -name Kustomization -exec sh -c 'for file; do [ -e "$0/$file" ] || echo "$file"; done' "$output" {} +)
  [ -z "$left" ] || fail "The program does not write these any more, but clusters would still apply their folders:
$left
Remove the folders, and what stands for them in: $rendered"
}

gate_check() {
  npx --no -- alb-istio check "$applied"
}

gate_committed() {
  # shellcheck disable=SC2086 # a list of folders
  set -- $rendered
  mend="Run \`npx cdk8s synth\` and commit: $rendered"
  [ -n "$(git ls-files -- "$applied")" ] || fail "No file of $applied is committed. $mend"
  ignored=$(git ls-files --others --ignored --exclude-standard -- "$@" | grep -E '(\.ya?ml|/Kustomization)"?$' || true)
  [ -z "$ignored" ] || fail "Git ignores rendered YAML, so no cluster will see it:
$ignored
Change .gitignore, and commit them"
  changed=$(git status --porcelain --untracked-files=all -- "$@")
  if [ -n "$changed" ]; then
    git --no-pager diff --no-ext-diff --no-color HEAD -- "$@" | sed 200q
    fail "The committed YAML is not what the program writes:
$changed
$mend"
  fi
  echo "committed is what the program writes: $rendered"
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
    done' sh {} +
}

[ $# -gt 0 ] || set -- install synth check committed kustomize
for step; do
  case $step in
    install | synth | check | committed | kustomize) ;;
    *) echo "gate.sh: there is no step '$step'; steps: install synth check committed kustomize" >&2; exit 2 ;;
  esac
done
for step; do
  printf '\n== %s\n' "$step"
  "gate_$step"
done
