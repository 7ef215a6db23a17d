#!/bin/sh
# Renders a sample of every card to PNG in target/cards, as Teams and Slack draw them.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

need_rust
have_node || { say "Pictures of the cards need Node 18 or newer with npm." >&2; exit 1; }
have_chromium || { say "Pictures of the cards need Chromium. On Debian: apt-get install chromium" >&2; exit 1; }
sh scripts/console.sh --required
samples=target/cards/samples
rm -rf target/cards
mkdir -p "$samples"
cargo run --locked --quiet --bin countersign -- cards --samples "$samples"
node scripts/render_cards.mjs "$samples" --out target/cards
