#!/usr/bin/env bash
# Prepare Allure 2 and Allure 3, pinned by scripts/bridges/package-lock.json, for the bridge that
# BRIDGE names or that answers. Run again, it does nothing unless the lockfile has changed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=${BRIDGE_HOME:-.proofline/bridges}
bridge=$("$here/bridge-choose.sh")
start=$PWD
lock=$(sha256sum <"$here/bridges/package-lock.json")
lock=${lock%% *}
image=${BRIDGE_IMAGE:-proofline/bridges}

npm_tree() {
  if [[ -f $home/stamp && $(<"$home/stamp") == "$lock" ]]; then return; fi
  mkdir -p "$home"
  rm -f "$home/stamp"
  cp "$here/bridges/package.json" "$here/bridges/package-lock.json" "$home"
  # ci takes exactly the lockfile and checks the integrity of every package; none runs a script.
  npm ci --prefix "$home" --ignore-scripts --no-audit --no-fund --loglevel=error
  echo "$lock" >"$home/stamp"
}

# The image is a Debian tree with Node.js and a JRE, made without a registry, and the npm tree.
container_image() {
  has=$("$1" image inspect --format '{{index .Config.Labels "proofline.lock"}}' "$image" 2>/dev/null || true)
  if [[ $has == "$lock" ]]; then return; fi
  command -v mmdebstrap >/dev/null || {
    echo "bridge: mmdebstrap is missing, the image is built with it: apt-get install mmdebstrap" >&2
    exit 2
  }
  npm_tree
  cd "$home"
  rm -rf root
  trap 'rm -rf root' EXIT
  mmdebstrap --quiet --variant=essential --include=openjdk-17-jre-headless,nodejs \
    "${BRIDGE_SUITE:-bookworm}" root ${BRIDGE_MIRROR:+"$BRIDGE_MIRROR"}
  mkdir -p root/bridges
  cp -r node_modules root/bridges/
  # The archive's signature says whose packages these are, this list which ones.
  dpkg-query --admindir=root/var/lib/dpkg --show >packages
  cp packages root/bridges/
  tar -C root --exclude=./dev --sort=name --mtime=@0 --numeric-owner -cf - . |
    "$1" import --change "LABEL proofline.lock=$lock" --change 'WORKDIR /tmp' - "$image" >/dev/null
  rm -rf root
  trap - EXIT
  cd "$start"
}

case $bridge in
  npm) npm_tree ;;
  *) container_image "$bridge" ;;
esac
mkdir -p "$home"
printf '%s\n' "$bridge" >"$home/bridge"
echo "bridge: $bridge is ready (lockfile $lock)"
