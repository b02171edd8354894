#!/usr/bin/env bash
# Show that checks which pass on the good images fail where what they look at is missing: on copies
# of the tree DIR/distroless with one thing wrong with each. DIR is that of images-trees.sh; what
# is made there is deleted again.
set -euo pipefail
dir=$(cd "${1:?usage: images-mutate.sh DIR}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
export RESULTS_ROOT=$dir/mutated-results
image=proofline/openssl-fips:mutated
trap 'podman image rm --force "$image" >/dev/null 2>&1 || true' EXIT
status=0
# becomes STATUS CHECK WHAT ARGUMENT...: with these arguments the check has that status.
becomes() {
  local want=$1 check=$2 what=$3 words
  shift 3
  words=$(audit-run --filter "$check" --format text --env OPENSSL_CONF=/usr/local/ssl/openssl.cnf "$@" || true)
  if grep -q "^$want *$check\( \|$\)" <<<"$words"; then
    printf 'as expected, %s %s: %s\n' "$check" "$want" "$what"
  else
    printf 'NOT AS EXPECTED (not %s): %s: %s\n%s\n' "$want" "$check" "$what" "$(grep -F " $check " <<<"$words" || true)"
    status=1
  fi
}
# wrong CHECK COMMAND...: the check passes on the tree, and fails once the command was run in it.
wrong() {
  local check=$1
  shift
  "$here/discard.sh" "$dir/mutated"
  cp -a "$dir/distroless" "$dir/mutated"
  becomes passed "$check" nothing --target "rootfs:$dir/mutated"
  (cd "$dir/mutated" && "$@")
  becomes failed "$check" "$*" --target "rootfs:$dir/mutated"
}

modules=usr/lib/x86_64-linux-gnu/ossl-modules
wrong fips.module.writers chmod o+w "$modules/fips.so"
wrong fips.module.writers chown 1000 "$modules/fips.so"
wrong fips.module.writers chmod 4755 "$modules/fips.so"
wrong fips.module.writers chmod 777 "$modules"
wrong fips.config.writers chmod g+w,o+w usr/local/ssl
wrong fips.config.writers chmod o+w usr/local/ssl/fipsmodule.cnf
wrong fips.config.writers chown 65532 usr/local/ssl/openssl.cnf
wrong fips.openssl.writers chmod u+s usr/bin/openssl
wrong fips.openssl.writers chmod o+w usr/lib/x86_64-linux-gnu/libcrypto.so.3
becomes passed fips.library.linked nothing --target "rootfs:$dir/mutated"
install -D "$dir/standard/usr/lib/x86_64-linux-gnu/libcrypto.so.3" "$dir/mutated/opt/libcrypto.so.3"
becomes failed fips.library.linked "LD_LIBRARY_PATH=/opt" --target "rootfs:$dir/mutated" --env LD_LIBRARY_PATH=/opt
becomes failed fips.library.sealed "another digest" --target "rootfs:$dir/mutated" --set libcrypto_sha256="$(printf '%064d' 0)"

# A module that is cut in its middle ends OpenSSL with a signal: no answer, and so no failure either.
truncate -s 1500000 "$dir/mutated/$modules/fips.so"
becomes broken fips.provider.configured "a module cut in its middle" --target "rootfs:$dir/mutated"

install -D "$dir/standard/usr/bin/dash" "$dir/mutated/usr/bin/dash"
chmod u+s "$dir/mutated/usr/bin/dash"
tar -C "$dir/mutated" --numeric-owner -cf - . | podman import --quiet --change 'LABEL proofline.distroless=yes' - "$image" >/dev/null
becomes failed image.no-shell "a shell" --target "podman:$image"
becomes failed image.no-set-ids "a set-user-ID file" --target "podman:$image"
for path in mutated mutated-results; do "$here/discard.sh" "$dir/$path"; done
exit "$status"
