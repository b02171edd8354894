#!/usr/bin/env bash
# Print the bridge to use: docker, podman or npm. BRIDGE=auto (the default) takes the first that
# really answers; what was tried is said on stderr, and what to do if none does.
set -euo pipefail

tried=()
no() { tried+=("$1: $2"); return 1; }

# A client without an engine behind it is no engine: ask the engine, with a time limit.
answers() {
  case $1 in
    docker)
      command -v docker >/dev/null || no docker "not installed" || return 1
      timeout 5 docker info >/dev/null 2>&1 || no docker "the client is there, no engine answers: start it"
      ;;
    podman)
      command -v podman >/dev/null || no podman "not installed" || return 1
      timeout 20 podman info >/dev/null 2>&1 || no podman "podman info fails: run it to see why"
      ;;
    npm)
      command -v npm >/dev/null || no npm "not installed: install Node.js 20 or later" || return 1
      java -version >/dev/null 2>&1 || no npm "java is missing, Allure 2 needs it: install a JRE 17"
      ;;
  esac
}

runs() {
  timeout 30 "$1" run --rm --network=none --ulimit nofile=1024:4096 --ulimit nproc=1000:1000 \
    "${BRIDGE_IMAGE:-proofline/bridges}" true >/dev/null 2>&1
}

case ${BRIDGE:-auto} in
  auto) candidates=(docker podman npm) ;;
  docker | podman | npm) candidates=("$BRIDGE") ;;
  *)
    printf 'bridge: BRIDGE is auto, docker, podman or npm, not %q\n' "$BRIDGE" >&2
    exit 2
    ;;
esac
for bridge in "${candidates[@]}"; do
  if answers "$bridge"; then
    # Building the image takes minutes: without being asked for it, an engine is taken only where
    # the image is there and really runs.
    if [[ $bridge != npm && ${BRIDGE:-auto} == auto ]] && ! runs "$bridge"; then
      no "$bridge" "it answers, but does not run proofline/bridges: BRIDGE=$bridge make setup builds it" || continue
    fi
    for line in "${tried[@]}"; do echo "bridge: $line" >&2; done
    echo "bridge: $bridge answers" >&2
    echo "$bridge"
    exit 0
  fi
done
for line in "${tried[@]}"; do echo "bridge: $line" >&2; done
echo "bridge: no bridge answers; the easiest is npm: install Node.js 20 and a JRE 17" >&2
exit 2
