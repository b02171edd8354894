#!/usr/bin/env bash
# Prints, as CSV, what each tool named by its path weighs and what starting it costs.
#
# Usage: docs-measure.sh BIN/TOOL... > tools.csv
# start_ratio is the CPU time of `TOOL --version` over that of /bin/true: the median of ROUNDS
# rounds that take turns, so that a busy machine slows both. cases is the number of its fixtures.
set -euo pipefail
rounds=${ROUNDS:-9} turns=${TURNS:-20}
export LC_ALL=C TIMEFORMAT='%U %S'

# CPU seconds of $turns runs of a command, children included.
cost() {
  { time for ((turn = 0; turn < turns; turn++)); do "$@" >/dev/null; done; } 2>&1 |
    awk '{ printf "%.3f\n", $1 + $2 }'
}

ratios() {
  for ((round = 0; round < rounds; round++)); do
    echo "$(cost "$1" --version) $(cost /bin/true)"
  done | awk '$2 > 0 { printf "%.1f\n", $1 / $2 }' | sort -n
}

echo 'tool,bytes,start_ratio,cases'
for tool in "$@"; do
  name=$(basename "$tool")
  cases=$(find "fixtures/$name" -mindepth 1 -maxdepth 1 -type d | wc -l)
  ratio=$(ratios "$tool" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }')
  printf '%s,%s,%s,%s\n' "$name" "$(stat -c %s "$tool")" "$ratio" "$((cases))"
done
