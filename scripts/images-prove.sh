#!/usr/bin/env bash
# Show on the demo images and on this host what the built-in suites are worth: images-prove.sh OUT.
# Both good images pass and every fault shows. The broken image and OpenSSL without its FIPS
# configuration do not pass, and no check passes on them that must not. All is kept below OUT.
set -euo pipefail
out=${1:?usage: images-prove.sh OUT [AUDIT-RUN]}
audit=${2:-audit-run}
name=proofline/openssl-fips
export RESULTS_ROOT=$out/allure-results
mkdir -p "$out"
status=0

# expect STATUS FILE ARGUMENT...: the run ends with that status; its last line is shown.
expect() {
  local want=$1 file=$out/$2.txt found=0
  shift 2
  : >"$file"
  "$audit" "$@" --format text --output "$file" || found=$?
  printf '%s %s: %s\n' "$([[ $found == "$want" ]] && echo 'as expected,' || echo "NOT AS EXPECTED (status $found, not $want),")" \
    "$*" "$(tail -n 1 "$file")"
  if [[ $found != "$want" ]]; then status=1; fi
}

for suite in fips-140-3 fips-fault-injection; do
  for tag in standard distroless; do
    expect 0 "$suite-$tag" --target "$name:$tag" --suite "$suite"
  done
  expect 1 "$suite-broken" --target "$name:broken" --suite "$suite"
  expect 0 "lint-$suite-broken" lint --against "$name:broken" --suite "$suite"
done
# This host, whatever it has, without a FIPS configuration.
expect 1 fips-140-3-host --target host --filter fips --env OPENSSL_CONF=/dev/null
expect 0 lint-fips-140-3-host lint --against host --env OPENSSL_CONF=/dev/null
exit "$status"
