#!/usr/bin/env bash
# Import the root file systems below DIR as images proofline/openssl-fips:standard, :distroless and
# :broken, with podman or docker (the first that answers, or RUNTIME). An image that is already
# there and made from the same files is left as it is.
set -euo pipefail
dir=${1:?usage: images-import.sh DIR}
name=proofline/openssl-fips

answers() { timeout 20 "$1" info >/dev/null 2>&1; }
runtime=${RUNTIME:-}
for candidate in podman docker; do
  if [[ -z $runtime ]] && answers "$candidate"; then runtime=$candidate; fi
done
if [[ -z $runtime ]]; then
  echo "images-import.sh: neither podman nor docker answers: install podman, or start docker" >&2
  exit 1
fi

source=$(cat "$dir/stamp" "$0" | sha256sum)
source=${source%% *}
for tree in standard distroless broken; do
  has=$("$runtime" image inspect --format '{{index .Config.Labels "proofline.source"}}' "$name:$tree" 2>/dev/null || true)
  if [[ $has == "$source" ]]; then continue; fi
  labels=(--change "LABEL proofline.source=$source")
  # The suite holds an image to this claim.
  if [[ $tree != standard ]]; then labels+=(--change 'LABEL proofline.distroless=yes'); fi
  # The archive is the same whenever it is made: same order, no times, no names.
  tar -C "$dir/$tree" --sort=name --mtime=@0 --numeric-owner -cf - . |
    "$runtime" import \
      --change 'ENTRYPOINT ["/usr/bin/openssl"]' \
      --change 'ENV OPENSSL_CONF=/usr/local/ssl/openssl.cnf' \
      --change 'USER nonroot' \
      --change 'WORKDIR /home/nonroot' \
      "${labels[@]}" \
      - "$name:$tree" >/dev/null
  echo "$runtime: $name:$tree"
done
