#!/usr/bin/env bash
# Run a generator: bridge-run.sh 2|3 IN OUT ARGUMENT... In a container there is no network, IN is
# read-only, only OUT can be written, and what is written belongs to the caller.
set -euo pipefail
version=$1 in=$2 out=$3
shift 3
home=${BRIDGE_HOME:-.proofline/bridges}
[[ -f $home/bridge ]] || { echo "bridge: not set up: run make setup" >&2; exit 2; }
bridge=$(<"$home/bridge")
export ALLURE_NO_ANALYTICS=1

# The launcher script of Allure 2 is not used: its class is the same everywhere.
command_of() {
  lib=$1/node_modules/allure-commandline/dist/lib
  if [[ $version == 2 ]]; then
    printf '%s\0' java -cp "$lib/*:$lib/config" io.qameta.allure.CommandLine
  else
    printf '%s\0' node "$1/node_modules/allure/cli.js"
  fi
}

mkdir -p "$out"
in=$(cd "$in" && pwd) out=$(cd "$out" && pwd)
if [[ $bridge == npm ]]; then
  mapfile -d '' -t command < <(command_of "$(cd "$home" && pwd)")
  exec "${command[@]}" "$@"
fi
mapfile -d '' -t command < <(command_of /bridges)
user=(--user "$(id -u):$(id -g)")
if [[ $bridge == podman && $(id -u) != 0 ]]; then user=(--userns=keep-id); fi
# Limits below the caller's own: an engine that may not raise limits does not start otherwise.
exec "$bridge" run --rm --network=none --read-only --tmpfs /tmp "${user[@]}" \
  --ulimit nofile=1024:4096 --ulimit nproc=1000:1000 \
  --env PROOFLINE_HISTORY --env ALLURE_NO_ANALYTICS --env HOME=/tmp \
  --volume "$in:$in:ro" --volume "$out:$out" \
  "${BRIDGE_IMAGE:-proofline/bridges}" "${command[@]}" "$@"
