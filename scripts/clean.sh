#!/usr/bin/env bash
# Clean by a plan: clean.sh NAME PROFILE... plans what the profiles find below the current folder,
# says what that is, and applies exactly that plan. On a terminal its digest is asked for; elsewhere
# it is given. Plan and record stay in .proofline/NAME.*. Status 1: something was kept.
set -euo pipefail
name=${1:?usage: clean.sh NAME PROFILE...}
shift
mkdir -p .proofline
dir=$(mktemp -d ".proofline/$name.XXXXXX")
profiles=()
for profile in "$@"; do profiles+=(--profile "$profile"); done

worst=0
step() {
  local status=0
  "$@" || status=$?
  if ((status > worst)); then worst=$status; fi
  if ((status > 1)); then exit "$status"; fi
}

step cleanup-guard -v plan --root . "${profiles[@]}" --output "$dir/plan.json"
confirm=()
if ! [[ -t 0 && -t 2 ]]; then
  confirm=(--confirm "$(sed -n 's/.*"digest":"\([0-9a-f]\{64\}\)".*/\1/p' "$dir/plan.json")")
fi
step cleanup-guard apply "$dir/plan.json" "${confirm[@]}"
echo "record: $dir/plan.json.manifest.jsonl" >&2
exit "$worst"
