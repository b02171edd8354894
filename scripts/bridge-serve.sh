#!/usr/bin/env bash
# Serve a report on the loopback interface: bridge-serve.sh 2|3. PORT is 8080 for Allure 2 and 8081
# for Allure 3 unless it is set. A busy port is found, and its owner named, before anything starts.
set -euo pipefail
version=${1:?usage: bridge-serve.sh 2|3}
server=$(cd "$(dirname "$0")" && pwd)/bridges/serve.mjs
report=${REPORT_DIR:-allure-report}/v$version
port=${PORT:-$((version + 8078))}
home=${BRIDGE_HOME:-.proofline/bridges}

[[ $port =~ ^[0-9]{1,5}$ && $port -ge 1 && $port -le 65535 ]] || {
  printf 'serve: PORT is a number from 1 to 65535, not %q\n' "$port" >&2
  exit 2
}
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
  owner=$(ss -Hltnp "sport = :$port" 2>/dev/null | grep -o 'users:.*' || true)
  echo "serve: port $port is in use ${owner:+by $owner}: end that, or set PORT" >&2
  exit 2
fi
[[ -f $report/index.html ]] || {
  echo "serve: no report in $report: run make report-v$version" >&2
  exit 2
}
[[ -f $home/bridge ]] || { echo "serve: not set up: run make setup" >&2; exit 2; }
bridge=$(<"$home/bridge")
if [[ $bridge == npm ]]; then
  exec node "$server" "$report" "$port"
fi
report=$(cd "$report" && pwd)
exec "$bridge" run --rm --read-only --tmpfs /tmp --user "$(id -u):$(id -g)" \
  --ulimit nofile=1024:4096 --ulimit nproc=1000:1000 \
  --publish "127.0.0.1:$port:$port" --volume "$report:/report:ro" \
  --volume "$server:/serve.mjs:ro" \
  "${BRIDGE_IMAGE:-proofline/bridges}" node /serve.mjs /report "$port" 0.0.0.0
