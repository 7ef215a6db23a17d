#!/bin/sh
# Microsoft's own Python client against `countersign simulate`. Ends with 3 when Python, pip or the
# packages could not be had within a minute; a run from before is used again.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

target="${CARGO_TARGET_DIR:-target}"
venv="$target/msgraph-sdk"
python="$venv/bin/python"

if ! "$python" -c 'import msgraph, azure.identity' >/dev/null 2>&1; then
    command -v python3 >/dev/null 2>&1 || exit 3
    say "Installing msgraph-sdk into $venv"
    python3 -m venv "$venv" >/dev/null 2>&1 || exit 3
    # Offline, pip would try for minutes. One question tells; then the packages may take their time.
    timeout 45 "$venv/bin/pip" --retries 1 --timeout 10 download -q --no-deps -d "$venv/probe" azure-identity >/dev/null 2>&1 || exit 3
    timeout 600 "$venv/bin/pip" install -q --retries 1 --timeout 15 msgraph-sdk azure-identity >/dev/null 2>&1 || exit 3
fi

cargo build --locked --quiet
log="$target/msgraph-sdk/simulate.log"
"$target/debug/countersign" simulate --listen 127.0.0.1:0 >"$log" &
simulator=$!
trap 'kill "$simulator" 2>/dev/null || true' EXIT INT TERM
tries=0
until address="$(sed -n 's/^graph = "\(.*\)"$/\1/p' "$log")" && [ -n "$address" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || { say "The simulator did not start." >&2; exit 1; }
    sleep 0.1
done
"$python" tests/sdk/msgraph_smoke.py "$address"
