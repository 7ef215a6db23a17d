#!/bin/sh
# Runs every test: Rust, the page, and a browser walking through the demo. What is not on this
# machine is installed where that is possible; what could not be had is said at the end.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/postgres.sh

missing=""
left_out() { missing="$missing
  - $1"; }

need_rust
export INSTA_UPDATE=no
trap stop_postgres EXIT
trap 'exit 130' INT TERM

say "== Rust tests"
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --no-tests=pass
    cargo test --locked --doc --quiet
else
    cargo test --locked
fi

say "== The store on PostgreSQL"
if start_postgres; then
    if cargo nextest --version >/dev/null 2>&1; then
        cargo nextest run --locked --test store --run-ignored only
    else
        cargo test --locked --test store -- --ignored
    fi
    sh scripts/on_postgres.sh
    stop_postgres
else
    left_out "the store and the conversations on PostgreSQL: no server could be had (on Debian: apt-get install postgresql)"
fi

say "== Microsoft's own client against the simulated tenant"
ended=0
sh scripts/sdk.sh || ended=$?
case $ended in
    0) ;;
    3) left_out "msgraph-sdk against the simulated tenant: Python 3 with venv and pip, or its packages, could not be had" ;;
    *) exit 1 ;;
esac

say "== The page"
if have_node; then
    sh scripts/console.sh --required
    npm test --silent --prefix console
else
    left_out "the page's tests: Node 18 or newer with npm was not found"
fi

say "== The demo in a browser"
if ! have_node; then
    left_out "the browser test: it needs Node"
elif ! have_chromium; then
    left_out "the browser test: Chromium was not found and could not be installed (on Debian: apt-get install chromium)"
else
    ended=0
    sh scripts/browser_test.sh || ended=$?
    case $ended in
        0) ;;
        3) left_out "the browser test: this build has no \`countersign demo --port\`" ;;
        *) exit 1 ;;
    esac
fi

if [ -n "$missing" ]; then
    say "All tests that could run are green. Left out:$missing"
else
    say "All tests are green; nothing was left out."
fi
