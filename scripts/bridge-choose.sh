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

case ${BRIDGE:-auto} in
  auto) candidates=(docker podman npm) ;;
  docker | podman | npm) candidates=("$BRIDGE") ;;
  *)
    printf 'bridge: BRIDGE is auto, docker, podman or npm, not %q\n' "$BRIDGE" >&2
    exit 2
    ;;
esac
for bridge in "${candidates[@]}"; do
  # A container engine without the image would need a registry or a root file system to build from.
  if answers "$bridge"; then
    if [[ $bridge != npm && ${BRIDGE:-auto} == auto ]] &&
      ! "$bridge" image inspect "${BRIDGE_IMAGE:-proofline/bridges}" >/dev/null 2>&1; then
      no "$bridge" "it answers, but there is no image proofline/bridges: BRIDGE=$bridge make setup builds it" || continue
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
