#!/bin/sh
# The real service under kills and faults: one process on a file, two on one file, three replicas
# on PostgreSQL, all at the same time, with a release build. At most an hour.
#   make chaos ARGS="--minutes 5 --seed 3"     shorter, with another seed
#   make chaos KEEP=yes                        also keeps the reports and says their sum in README
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/postgres.sh
need_rust

minutes=50
seed=1
while [ $# -gt 0 ]; do
    case $1 in
        --minutes) minutes=$2; shift 2 ;;
        --seed) seed=$2; shift 2 ;;
        *) say "chaos.sh knows --minutes and --seed, not $1"; exit 2 ;;
    esac
done
keep=""
[ -z "${KEEP:-}" ] || keep="--keep docs/chaos"

cargo build --release --locked --bin countersign
# A copy: what is built meanwhile does not change it.
room=$(mktemp -d)
program=$room/countersign
cp target/release/countersign "$program"
trap 'stop_postgres; rm -rf "$room"' EXIT
trap 'exit 130' INT TERM

export COUNTERSIGN_LOG="${COUNTERSIGN_LOG:-error}"
run() {
    # shellcheck disable=SC2086  # $keep is two words or none
    "$program" chaos --minutes "$minutes" $keep "$@"
}
run --seed "$seed" --deaths 40 --faults 60 >"$room/one.json" &
one=$!
run --seed $((seed + 1)) --replicas 2 --deaths 40 --faults 60 >"$room/two.json" &
two=$!
three=""
if start_postgres; then
    run --seed $((seed + 2)) --replicas 3 --deaths 40 --faults 60 \
        --postgres "$COUNTERSIGN_TEST_POSTGRES" >"$room/three.json" &
    three=$!
else
    say "Left out: three replicas on PostgreSQL; no server could be had (on Debian: apt-get install postgresql)"
fi
wrong=0
wait $one || wrong=1
wait $two || wrong=1
[ -z "$three" ] || wait $three || wrong=1
cat "$room"/*.json
[ -z "$keep" ] || "$program" chaos --sum README.md
[ $wrong = 0 ] || say "Something that must hold was broken; the reports name it and its seed."
exit $wrong
