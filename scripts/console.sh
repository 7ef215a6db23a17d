#!/bin/sh
# Builds the renderers of the demo page (console/dist) when Node is here. Without Node, or when the
# packages cannot be fetched, it says so and ends well: the page then shows plain text.
#   scripts/console.sh [--required]     --required: ends non-zero when they could not be built
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

without() {
    say "$1 The demo page will show messages as plain text, and says how to get the drawn cards."
    [ "${2:-}" != --required ] || exit 1
    exit 0
}

have_node || without "Node 18 or newer with npm was not found." "${1:-}"
cd console
built=dist/slack-blocks.js
if [ -e "$built" ] && [ -d node_modules ] && [ -z "$(find src build.mjs package-lock.json -newer "$built" -print | head -n 1)" ]; then
    exit 0
fi
say "Fetching the packages of the demo page and bundling the renderers."
npm ci --silent || without "npm could not fetch the packages." "${1:-}"
npm run --silent build || without "The renderers could not be bundled." "${1:-}"
