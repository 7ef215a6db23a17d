#!/bin/sh
# Builds and starts the demo: the product with a simulated tenant and one page. Arguments are
# handed on to `countersign demo`.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

need_rust
sh scripts/console.sh
say "Building Countersign. The first build takes a few minutes; later ones take seconds."
cargo build --locked --bin countersign
exec "${CARGO_TARGET_DIR:-target}/debug/countersign" demo "$@"
