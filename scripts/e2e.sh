#!/usr/bin/env bash
# Prove the whole line on real containers, from nothing: install what is missing, build the demo
# images, hold them against both suites, and make both Allure reports. Everything is kept below
# .proofline; run again, it builds and installs nothing twice.
# Status: 0 all of it held, 1 something did not, 2 something could not be done; 77 and a line
# "not run: WHY" where this machine lacks what it takes, which is no success.
set -euo pipefail
cd "$(dirname "$0")/.."
home=.proofline/e2e
mkdir -p "$home"
# Whatever the caller's variables are, this is about the demo images and writes to its own place.
unset MFLAGS MAKEOVERRIDES SUITE IMAGE DEFAULT_IMAGE IMAGES SOURCE_DATE_EPOCH OPENSSL_CONF
export MAKEFLAGS=--no-print-directory LC_ALL=C PATH=$PWD/target/release:$PATH:/usr/sbin:/sbin RUNTIME=podman
export OUT=$home/out RESULTS_ROOT=$home/allure-results REPORT_DIR=$home/allure-report
export BRIDGE=npm BRIDGE_HOME=$home/bridges

failed=()
begun=$SECONDS
# stage NAME COMMAND...: what fails is remembered, and keeps nothing else from being told.
stage() {
  local name=$1 since=$SECONDS code=0
  shift
  printf '\n== %s\n' "$name"
  "$@" 2>&1 | tee "$home/$name.log" || code=${PIPESTATUS[0]}
  printf -- '-- %s: %d s\n' "$name" $((SECONDS - since))
  if [[ $code == 77 ]]; then exit 77; elif [[ $code != 0 ]]; then failed+=("$name (status $code)"); fi
  return "$code"
}
# A report comes without a warning; that it shows what the audits have is looked at by its rule.
report() {
  local words=$home/report-$1.words code=0
  make "report-$1" >"$words" 2>&1 || code=$?
  cat "$words"
  if grep -qiE '\bwarn' "$words"; then code=1; fi
  return "$code"
}
# Pins that the archive has left behind are to be reviewed; nothing here is wrong.
moved() {
  grep -q 'other versions than images.lock' "$home/images.log" || return 1
  echo "not run: Debian's archive has other versions than scripts/images.lock" >&2 && exit 77
}

stage needs scripts/e2e-needs.sh "$home/apt.log" || exit 2
stage build make build || exit 2
stage container scripts/e2e-container.sh "$home" || exit 2
stage images make images || moved || exit 2
stage prove scripts/images-prove.sh "$home/proof" || true
stage mutate scripts/images-mutate.sh .proofline/images || true
stage audit-multi make audit-multi || true
if stage setup make setup; then
  stage report-v2 report v2 || true
  stage report-v3 report v3 || true
fi

echo "$((SECONDS - begun)) s"
if [[ ${#failed[@]} -gt 0 ]]; then
  printf 'e2e: did not hold: %s\n' "${failed[@]}"
  exit 1
fi
echo "e2e: all of it held"
