#!/bin/sh
# A thousand requests over three replicas on PostgreSQL, one of which is killed every few seconds:
# all of them end right. With a release build; about three quarters of an hour, because Slack takes fifty
# changed messages a minute and no more.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/postgres.sh
need_rust
cargo build --release --locked --bin countersign
trap stop_postgres EXIT
trap 'exit 130' INT TERM
start_postgres || { say "No PostgreSQL server could be had (on Debian: apt-get install postgresql)"; exit 3; }
COUNTERSIGN_LOG="${COUNTERSIGN_LOG:-error}" target/release/countersign chaos --requests 1000 --replicas 3 \
    --postgres "$COUNTERSIGN_TEST_POSTGRES" --apart 2500 --minutes 60 --deaths 20 --faults 0 "$@"
