#!/bin/sh
# Tries what is promised as often as it is promised, and writes the figures into docs/assurance.md.
# Takes about an hour on two cores; `make test` tries the same less often.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

need_rust
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
page=docs/assurance.md

# Release: the same tests, more of them in the time.
COUNTERSIGN_ASSURE="$rows" cargo test --release --locked --test assured --test conversations --test graph --test store "$@" -- --nocapture

{
    sed '/<!-- figures -->/q' "$page"
    echo
    echo "| Promise | Tried | Times | Wrong | Seed |"
    echo "| --- | --- | ---: | ---: | --- |"
    sort "$rows"
    echo
    sed -n '/<!-- \/figures -->/,$p' "$page"
} > "$rows.page"
mv "$rows.page" "$page"
say "Written into $page."
