#!/usr/bin/env bash
# Writes what the tools print about recorded evidence into FOLDER, one file for each question.
#
# Usage: docs-captures.sh FOLDER
# The tools are taken from PATH. The inputs are in the repository, so that the same commit gives the
# same bytes: `make docs-check` compares them.
set -euo pipefail
folder=${1:?expected a folder}
recorded=fixtures/evidence-summarize
mkdir -p "$folder"

# The command, what it prints and its exit status, as a reader would see them.
capture() {
  local name=$1 status=0
  shift
  {
    printf '$'
    printf ' %s' "$@"
    printf '\n'
    "$@" 2>&1 || status=$?
    printf '[exit status %s]\n' "$status"
  } > "$folder/$name.txt"
}

capture tests evidence-summarize --show docs/_generated/tests.json --format text
capture operator-log evidence-summarize $recorded/the-runbook-s-own-output-is-a-pass-with-its-gaps/in/demo-output.txt --format text
capture failure evidence-summarize $recorded/a-failing-log-names-layer-and-first-action/in/fi.log --format text
capture release-gate evidence-summarize $recorded/a-release-needs-its-fips-checks/in/audit.json --gate release --format text
capture cut-off-cleanup evidence-summarize $recorded/a-cleanup-record-with-a-torn-last-line-is-cut-off/in --format text
capture regression speed-compare fixtures/speed-compare/the-gate-says-no-to-a-regression/in/speed.json --gate --format text
