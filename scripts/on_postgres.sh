#!/bin/sh
# The conversations that lean on the store most, once more with a house on PostgreSQL: asking,
# signing, many clicks at once, carrying out; and replicas that are killed. The server is named in COUNTERSIGN_TEST_POSTGRES.
set -eu
cd "$(dirname "$0")/.."
: "${COUNTERSIGN_TEST_POSTGRES:?no server is named; make test starts one}"
export COUNTERSIGN_TEST_STORE=postgres
# Three replicas of the real program, one of them killed every other second.
cargo test --locked --test chaos -- --ignored
if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --locked --test conversations \
        -E 'test(/^(approving|asking|races|running|signing|quorums)::/)'
else
    for room in approving asking races running signing quorums; do
        cargo test --locked --test conversations "$room::"
    done
fi
