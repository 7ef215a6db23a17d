#!/bin/sh
# Tries what is promised as often as it is promised, and writes the figures into docs/assurance.md.
# Takes about an hour on two cores; `make test` tries the same less often.
#
# With words, it runs only the tests whose names hold one of them: `make assure ARGS="b5_ c1_"`. Their
# rows take the place of the same ones on the page, and the others stay as they are.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

need_rust
rows=$(mktemp)
trap 'rm -f "$rows" "$rows.kept" "$rows.page"' EXIT
page=docs/assurance.md

# Release: the same tests, more of them in the time.
COUNTERSIGN_ASSURE="$rows" cargo test --release --locked --test assured --test conversations --test graph --test store -- --nocapture "$@"

if [ ! -s "$rows" ]; then
    say "No test that notes a figure was run${1:+ by the name of $*}; $page stays as it is."
    exit 1
fi
# What the page has and this run did not try. A whole run keeps nothing.
: > "$rows.kept"
if [ $# -gt 0 ]; then
    sed -n '/<!-- figures -->/,/<!-- \/figures -->/p' "$page" |
        awk -F '|' -v now="$rows" '
            BEGIN { while ((getline row < now) > 0) { split(row, cell, "|"); tried[cell[2] cell[3]] = 1 } }
            /^\| [A-Z][0-9]/ && !(($2 $3) in tried)' > "$rows.kept"
fi

{
    sed '/<!-- figures -->/q' "$page"
    echo
    echo "| Promise | Tried | Times | Wrong | Seed |"
    echo "| --- | --- | ---: | ---: | --- |"
    sort "$rows" "$rows.kept"
    echo
    sed -n '/<!-- \/figures -->/,$p' "$page"
} > "$rows.page"
cat "$rows.page" > "$page"
say "Written into $page."
