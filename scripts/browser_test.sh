#!/bin/sh
# Starts the demo on a free port with a data folder of its own and lets a browser walk through it;
# then once more as `make demo` does on a machine without Node.
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
demo=
trap 'stop; rm -rf "$room"' EXIT
trap 'exit 1' INT TERM

stop() {
    [ -n "$demo" ] || return 0
    kill "$demo" 2>/dev/null || true
    wait "$demo" 2>/dev/null || true
    demo=
}

# walk NAME [--plain]: waits for the address of the demo that was started, and walks.
walk() {
    waited=0
    until address="$(grep -hoE 'http://(127\.0\.0\.1|localhost):[0-9]+/?' "$room/$1.out" "$room/$1.err" | head -n 1)" && [ -n "$address" ]; do
        if ! kill -0 "$demo" 2>/dev/null || [ "$waited" -ge "$WAIT_SECONDS_MAX" ]; then
            say "The demo did not print its address within $WAIT_SECONDS_MAX seconds. It said:" >&2
            tail -n 30 "$room/$1.out" "$room/$1.err" >&2
            exit 1
        fi
        sleep 1
        waited=$((waited + 1))
    done
    if ! node tests/browser/demo.mjs "${address%/}/" ${2:+"$2"}; then
        say "The demo's last words:" >&2
        tail -n 30 "$room/$1.err" >&2
        exit 1
    fi
}

: >"$room/drawn.out" && : >"$room/drawn.err"
"$program" demo --port 0 --data "$room/data" >"$room/drawn.out" 2>"$room/drawn.err" &
demo=$!
walk drawn
stop

# Every program that is on this machine, but for Node's own.
mkdir "$room/bin"
(
    IFS=:
    for folder in $PATH; do
        [ -d "$folder" ] || continue
        for tool in "$folder"/*; do
            case "${tool##*/}" in
                node | nodejs | npm | npx | corepack) ;;
                *) [ ! -x "$tool" ] || [ -e "$room/bin/${tool##*/}" ] || ln -s "$tool" "$room/bin/${tool##*/}" ;;
            esac
        done
    done
)
: >"$room/plain.out" && : >"$room/plain.err"
PATH="$room/bin" sh scripts/demo.sh --port 0 --data "$room/data-plain" --console "$room/none" \
    >"$room/plain.out" 2>"$room/plain.err" &
demo=$!
walk plain --plain
grep -q "Node 18 or newer with npm was not found" "$room/plain.out" || {
    say "\`make demo\` without Node does not say what is missing. It said:" >&2
    cat "$room/plain.out" >&2
    exit 1
}
