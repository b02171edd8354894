#!/usr/bin/env bash
# Show on the demo images what the built-in suites are worth: both good images pass, every fault
# shows, and on the broken image no check passes that must not. Results and documents go below OUT.
set -euo pipefail
out=${1:?usage: images-prove.sh OUT [AUDIT-RUN]}
audit=${2:-audit-run}
name=proofline/openssl-fips
mkdir -p "$out"
status=0

for tag in standard distroless; do
  for suite in fips-140-3 fips-fault-injection; do
    "$audit" --target "$name:$tag" --suite "$suite" --results "$out/allure-results" \
      --format text -o "$out/$suite-$tag.txt" || status=1
    tail -n 1 "$out/$suite-$tag.txt"
  done
done
for suite in fips-140-3 fips-fault-injection; do
  "$audit" lint --against "$name:broken" --suite "$suite" --format text -o "$out/lint-$suite.txt" || status=1
  tail -n 1 "$out/lint-$suite.txt"
done
exit "$status"
