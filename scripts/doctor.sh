#!/usr/bin/env bash
# Say what is there, what is missing and how to get it. Status 1 if `make evidence` would not run.
set -euo pipefail
missing=0

ok() { printf '  ok        %s\n' "$1"; }
optional() { printf '  optional  %s\n' "$1"; }
need() {
  printf '  MISSING   %s\n' "$1"
  missing=1
}
there() { command -v "$1" >/dev/null 2>&1; }
port() {
  if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    optional "port $1 is in use: serve with PORT=NUMBER"
  else
    ok "port $1 is free (make report-v$2-serve)"
  fi
}

echo "make evidence:"
if there cargo; then ok "$(cargo --version)"; else need "cargo: install Rust from https://rustup.rs"; fi
if there cc; then ok "a C compiler (cc)"; else need "cc, the linker: apt-get install gcc libc6-dev"; fi
if there openssl; then
  ok "$(openssl version)"
  if openssl list -providers -provider fips 2>/dev/null | grep -q 'name: .*FIPS'; then
    ok "the FIPS provider of openssl loads"
  else
    optional "openssl has no FIPS provider: the audit of this host will say so (make images has one)"
  fi
else
  need "openssl: apt-get install openssl"
fi
free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
if ((free >= 2048)); then ok "$free MiB free here"; else need "2048 MiB of disk for the build, $free are free"; fi
if there git; then ok "$(git --version)"; else optional "git: reports do not name the commit without it"; fi
if there jq; then ok "$(jq --version)"; else optional "jq, for the examples of the pages: apt-get install jq"; fi

echo "make images, audit-multi:"
for engine in docker podman; do
  if ! there "$engine"; then
    optional "$engine: apt-get install ${engine/docker/docker.io}"
  elif timeout 10 "$engine" info >/dev/null 2>&1; then
    ok "$engine answers"
  else
    optional "$engine is installed, and no engine answers: $engine info says why"
  fi
done
if there debootstrap; then ok "debootstrap"; else optional "debootstrap: apt-get install debootstrap"; fi

echo "make setup, report-v2, report-v3:"
if there node && there npm; then ok "node $(node --version)"; else optional "node and npm, 20 or later: https://nodejs.org, or BRIDGE=podman"; fi
if there java; then ok "$(java -version 2>&1 | head -n 1)"; else optional "java: apt-get install openjdk-17-jre-headless, or BRIDGE=podman"; fi
if there mmdebstrap; then ok "mmdebstrap"; else optional "mmdebstrap, for BRIDGE=docker or podman: apt-get install mmdebstrap"; fi
home=${BRIDGE_HOME:-.proofline/bridges}
if [[ -f $home/bridge ]]; then ok "bridge: $(<"$home/bridge")"; else optional "no bridge yet: make setup"; fi
port 8080 2
port 8081 3
exit "$missing"
