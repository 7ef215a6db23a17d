#!/bin/sh
# Starts the demo on a free port with a data folder of its own and lets a browser walk through it.
# Ends 0 when it went well, 1 when it did not, 3 when there is no demo to walk through.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

WAIT_SECONDS_MAX=60
cargo build --locked --quiet --bin countersign
program="${CARGO_TARGET_DIR:-target}/debug/countersign"
if ! "$program" demo --help 2>/dev/null | grep -q -- --port; then
    say "This build has no \`countersign demo --port\`."
    exit 3
fi

room="$(mktemp -d)"
: >"$room/out" && : >"$room/err"
"$program" demo --port 0 --data "$room/data" >"$room/out" 2>"$room/err" &
demo=$!
trap 'kill "$demo" 2>/dev/null || true; wait "$demo" 2>/dev/null || true; rm -rf "$room"' EXIT
trap 'exit 1' INT TERM

waited=0
until address="$(grep -hoE 'http://(127\.0\.0\.1|localhost):[0-9]+/?' "$room/out" "$room/err" | head -n 1)" && [ -n "$address" ]; do
    if ! kill -0 "$demo" 2>/dev/null || [ "$waited" -ge "$WAIT_SECONDS_MAX" ]; then
        say "The demo did not print its address within $WAIT_SECONDS_MAX seconds. It said:" >&2
        tail -n 30 "$room/out" "$room/err" >&2
        exit 1
    fi
    sleep 1
    waited=$((waited + 1))
done

if ! node tests/browser/demo.mjs "${address%/}/"; then
    say "The demo's last words:" >&2
    tail -n 30 "$room/err" >&2
    exit 1
fi
