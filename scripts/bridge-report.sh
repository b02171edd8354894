#!/usr/bin/env bash
# Make the report of all audits: bridge-report.sh 2|3. Reads RESULTS_ROOT/audit_*, writes
# REPORT_DIR/v2 or v3 and OUT/stage.json, keeps the history between runs. A report that does not
# show what the audits have is an error.
set -euo pipefail
version=${1:?usage: bridge-report.sh 2|3}
here=$(cd "$(dirname "$0")" && pwd)
results=${RESULTS_ROOT:-allure-results} reports=${REPORT_DIR:-allure-report} out=${OUT:-out}
name=v$version

audits=()
for dir in "$results"/audit_*/; do
  if [[ -d $dir ]]; then audits+=("${dir%/}"); fi
done
if [[ ${#audits[@]} == 0 ]]; then
  echo "report: no audit in $results: run make audit" >&2
  exit 2
fi
mkdir -p "$out" "$reports/.history"
code=0
allure-env merge "${audits[@]}" --into "$out/stage" --output "$out/stage.json" || code=$?
if [[ $code -gt 1 ]]; then exit "$code"; fi
out=$(cd "$out" && pwd)
export BRIDGE_HOME
BRIDGE_HOME=${BRIDGE_HOME:-.proofline/bridges}
if [[ ! -d $BRIDGE_HOME ]]; then
  echo "report: no bridge in $BRIDGE_HOME: run make setup" >&2
  exit 2
fi
BRIDGE_HOME=$(cd "$BRIDGE_HOME" && pwd)
staged=("$out/stage"/*/)

# What is old or unfinished is moved into .new, which goes at the end.
cd "$reports"
rm -rf .new
trap 'rm -rf .new' EXIT
mkdir .new
work=$PWD/.new
if [[ $version == 2 ]]; then
  if [[ -d .history/v2 ]]; then cp -r .history/v2 "${staged[0]}history"; fi
  "$here/bridge-run.sh" 2 "$out/stage" "$work" generate --clean --output "$work/report" "${staged[@]}"
  if [[ -d .history/v2 ]]; then mv .history/v2 .new/history; fi
  cp -r .new/report/history .history/v2
else
  if [[ -f .history/v3.jsonl ]]; then cp .history/v3.jsonl .new/history.jsonl; fi
  PROOFLINE_HISTORY=$work/history.jsonl "$here/bridge-run.sh" 3 "$out/stage" "$work" \
    generate --config "$out/stage/allurerc.mjs" --output "$work/report" "${staged[@]}"
  cp .new/history.jsonl .history/v3.jsonl
fi
if [[ -d $name ]]; then mv "$name" .new/old; fi
mv .new/report "$name"
allure-env shown "$name" --stage "$out/stage.json" --output "$out/report-$name.json" || code=$?
echo "report: $reports/$name/index.html (make report-$name-serve shows it)"
exit "$code"
