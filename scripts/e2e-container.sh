#!/usr/bin/env bash
# Run one trivial container, from a tree imported as an image, below the folder DIR. A machine that
# cannot (no name spaces, no cgroups, no overlay mounts) is named on a line "not run: WHY", and the
# status is 77.
set -euo pipefail
dir=${1:?usage: e2e-container.sh DIR}
image=proofline/e2e-trivial
mkdir -p "$dir"
cd "$dir"
rm -rf trivial
trap 'rm -rf trivial
  podman image rm --force "$image" >/dev/null 2>&1 || true' EXIT

program=$(readlink -f "$(command -v cat)")
mkdir -p trivial/{proc,sys,dev,run,tmp}
# What ldd prints are absolute paths, or names in brackets of what is in no file.
for file in "$program" $(ldd "$program" | grep -o '/[^ ]*'); do
  install -D -m 0755 "$file" "trivial$file"
done

bring() { tar -C trivial --numeric-owner -cf - . | podman import - "$image"; }
if ! why=$(bring 2>&1 >/dev/null); then
  printf 'not run: podman cannot import an image on this machine: %s\n' "${why##*$'\n'}" >&2
  exit 77
fi

# podman's own choice first; then the runtimes that do where another one refuses.
whys=()
for runtime in "" runc crun; do
  if why=$(timeout 120 podman ${runtime:+--runtime "$runtime"} run --rm --pull=never --network=none --read-only \
    --cap-drop=all --pids-limit=256 --memory=1g --ulimit=nofile=1024:4096 --ulimit=nproc=1000:1000 \
    "$image" "$program" /proc/self/cgroup 2>&1 >/dev/null); then
    echo "a trivial container runs: podman, ${runtime:-with its own choice of runtime}"
    exit 0
  fi
  whys+=("${runtime:-its own choice of runtime}: ${why##*$'\n'}")
done
echo "not run: no container runs on this machine (that takes name spaces, cgroups and overlay mounts)" >&2
printf '  podman, %s\n' "${whys[@]}" >&2
exit 77
