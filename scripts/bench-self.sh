#!/usr/bin/env bash
# Measure our own tools: bench-self.sh [MEGABYTES]. CPU time, each figure beside a yardstick of the
# same minute; the best of three. Nothing fails for being slow: the table is the answer.
set -euo pipefail
size=${1:-50}
work=$(mktemp)
reports=$(mktemp -d)
trap 'rm -f "$work" "$work".* "$reports"/*.xml; rmdir "$reports"' EXIT

# CPU milliseconds of one run, out of COUNT in a row.
cpu() {
  local count=$1 TIMEFORMAT='%U %S'
  shift
  for _ in 1 2 3; do
    { time for ((i = 0; i < count; i++)); do "$@" </dev/null >"$work.out" 2>/dev/null || :; done; } 2>&1
  done | awk -v n="$count" '{ print 1000 * ($1 + $2) / n }' | sort -n | sed -n 1p
}
# Peak memory in kB; needs GNU time.
peak() {
  /usr/bin/time -f %M -o "$work.peak" "$@" </dev/null >"$work.out" 2>/dev/null || :
  sed -n '$p' "$work.peak"
}
# row WHAT FIGURE UNIT YARDSTICK ITS-FIGURE
row() {
  awk 'BEGIN { printf "| %s | %.1f %s | %s: %.1f %s | %.2f |\n", ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[3], ARGV[2] / (ARGV[5] > 0 ? ARGV[5] : 1) }' "$@"
}

awk -f scripts/bench-series.awk >"$work.series"
speed-parse --quiet "$work.series" --output "$work.json"

printf '| what | figure | yardstick | ratio |\n|---|---:|---|---:|\n'
cat fixtures/speed-parse/openssl-*/stdin >"$work.versions"
for kind in series versions; do
  : >"$work.mb"
  while (($(wc -c <"$work.mb") < 1000000)); do cat "$work.$kind" >>"$work.mb"; done
  for ((i = 0; i < size; i++)); do head -c 1000000 "$work.mb"; done >"$work.log"
  used=$(cpu 1 speed-parse --format ndjson "$work.log")
  speed=$(awk -v mb="$size" -v ms="$used" 'BEGIN { printf "%.0f", 1000 * mb / ms }')
  row "speed-parse, $size MB of $kind: $speed MB/s" "$used" ms sha256sum "$(cpu 1 sha256sum "$work.log")"
  if [[ -x /usr/bin/time ]]; then
    row "speed-parse, $size MB of $kind: peak memory" "$(peak speed-parse --format ndjson "$work.log")" kB "of 1 MB" "$(peak speed-parse --format ndjson "$work.mb")"
  fi
done
awk -v folder="$reports" -v files=$((size * 1000000 / 14600)) -f scripts/bench-junit.awk
hash=$(cpu 1 sha256sum "$reports"/*.xml)
for cases in '' --cases; do
  row "evidence-summarize $cases, $size MB of JUnit" "$(cpu 1 evidence-summarize ${cases:+"$cases"} "$reports")" ms sha256sum "$hash"
done
[[ ! -x /usr/bin/time ]] || row "the same: peak memory" "$(peak evidence-summarize --cases "$reports")" kB "of the reports" "$((size * 1000))"
speed-compare --quiet "$work.json" --output "$work.cmp"
start=$(cpu 100 /bin/true)
row "speed-compare, 60 cells, 10 pairs" "$(cpu 20 speed-compare --quiet "$work.json")" ms /bin/true "$start"
for chart in heatmap throughput; do
  used=$(cpu 20 speed-plot "$chart" "$work.cmp")
  row "speed-plot $chart, 60 cells, $(wc -c <"$work.out") bytes" "$used" ms /bin/true "$start"
done
for main in crates/*/src/main.rs; do
  tool=$(basename "${main%/src/main.rs}")
  row "$tool, start" "$(cpu 50 "$tool" --version)" ms /bin/true "$start"
done
