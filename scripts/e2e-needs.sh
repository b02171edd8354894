#!/usr/bin/env bash
# Find what `make e2e` needs on this machine, and install by apt what is missing, as root. What
# cannot be had is named on a line "not run: WHY", and the status is 77: that is no success.
# LOG is where apt's own words go.
set -euo pipefail
log=${1:?usage: e2e-needs.sh LOG}

not_run() {
  printf 'not run: %s\n' "$*" >&2
  exit 77
}

# Commands, and the packages that have them.
needs=(podman:podman runc:runc debootstrap:debootstrap openssl:openssl
  node:nodejs npm:npm java:default-jre-headless)

missing=() packages=()
look() {
  missing=() packages=()
  for need in "${needs[@]}"; do
    if command -v "${need%%:*}" >/dev/null; then continue; fi
    missing+=("${need%%:*}") packages+=("${need#*:}")
  done
}

# debootstrap and runc are where only root looks.
PATH=$PATH:/usr/sbin:/sbin
[[ $(uname -s) == Linux ]] || not_run "containers need Linux, this is $(uname -s)"
[[ $(uname -m) == x86_64 ]] || not_run "the demo images are made for x86_64, this is $(uname -m)"
[[ $(id -u) == 0 ]] || not_run "building images needs root, and this is user $(id -un): run it as root"
look
if [[ ${#missing[@]} -gt 0 ]]; then
  command -v apt-get >/dev/null || not_run "missing: ${missing[*]}, and there is no apt-get to install them with"
  echo "installing: ${packages[*]}"
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update && apt-get install -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
    tail -n 3 "$log" >&2
    not_run "missing: ${missing[*]}, and apt-get cannot install ${packages[*]} (its words: $log)"
  fi
  look
  if [[ ${#missing[@]} -gt 0 ]]; then not_run "missing: ${missing[*]}, although apt-get installed ${packages[*]}"; fi
fi
node=$(node -p 'process.versions.node.split(".")[0]')
[[ $node -ge 18 ]] || not_run "Node.js $node is too old for Allure 3: install 20 or later"
