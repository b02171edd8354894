#!/usr/bin/env bash
# Delete PATH for ever, if it is there: discard.sh PATH. By a plan of cleanup-guard, so that no
# variable can name more than it means: system folders, homes, mounts and tracked files stay.
set -euo pipefail
path=${1:?usage: discard.sh PATH}
if [[ ! -e $path && ! -L $path ]]; then exit 0; fi
plan=$(mktemp)
trap 'rm -f "$plan" "$plan".*' EXIT
cleanup-guard plan --root "$(dirname -- "$path")" --output "$plan" -- "$(basename -- "$path")"
digest=$(sed -n 's/.*"digest":"\([0-9a-f]\{64\}\)".*/\1/p' "$plan")
cleanup-guard apply "$plan" --confirm "$digest" --delete --output /dev/null
