#!/usr/bin/env bash
# Make the report of all audits: bridge-report.sh 2|3. Reads RESULTS_ROOT/audit_*, writes
# REPORT_DIR/v2 or v3 and OUT/stage.json, keeps the history between runs. A report that does not
# show what the audits have is an error.
set -euo pipefail
version=${1:?usage: bridge-report.sh 2|3}
here=$(cd "$(dirname "$0")" && pwd)
results=${RESULTS_ROOT:-allure-results} reports=${REPORT_DIR:-allure-report} out=${OUT:-out}
stage=$out/stage
keep=$reports/.history
report=$reports/v$version

audits=()
for dir in "$results"/audit_*/; do
  if [[ -d $dir ]]; then audits+=("${dir%/}"); fi
done
if [[ ${#audits[@]} == 0 ]]; then
  echo "report: no audit in $results: run make audit" >&2
  exit 2
fi
mkdir -p "$out" "$reports"
mkdir -p "$keep"
code=0
allure-env merge "${audits[@]}" --into "$stage" --output "$out/stage.json" || code=$?
if [[ $code -gt 1 ]]; then exit "$code"; fi

work=$(mktemp -d "$reports/.new-XXXXXX")
trap 'rm -rf "$work"' EXIT
work=$(cd "$work" && pwd) full=$(cd "$stage" && pwd)
staged=("$full"/*/)
if [[ $version == 2 ]]; then
  if [[ -d $keep/v2 ]]; then cp -r "$keep/v2" "${staged[0]}history"; fi
  "$here/bridge-run.sh" 2 "$full" "$work" generate --clean --output "$work/report" "${staged[@]}"
  rm -rf "$keep/v2"
  cp -r "$work/report/history" "$keep/v2"
else
  cp "$keep/v3.jsonl" "$work/history.jsonl" 2>/dev/null || true
  PROOFLINE_HISTORY=$work/history.jsonl "$here/bridge-run.sh" 3 "$full" "$work" \
    generate --config "$full/allurerc.mjs" --output "$work/report" "${staged[@]}"
  cp "$work/history.jsonl" "$keep/v3.jsonl"
fi
rm -rf "$report"
mv "$work/report" "$report"
allure-env shown "$report" --stage "$out/stage.json" --output "$out/report-v$version.json" || code=$?
echo "report: $report/index.html (make report-v$version-serve shows it)"
exit "$code"
