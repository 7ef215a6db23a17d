#!/bin/sh
# The real service under kills and faults, with a release build, four installations side by side:
# one process on a file, two on one file, three replicas on PostgreSQL, and two on a file whose
# clocks jump. In rounds: while one is left in peace and looked at, the next one strikes.
# At most an hour.
#   make chaos ARGS="--rounds 1 --seed 3"      shorter, with another seed
#   make chaos KEEP=yes                        also keeps the reports and says their sum in README
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh
. scripts/postgres.sh
need_rust

rounds=10
minutes=5
seed=1
program=""
while [ $# -gt 0 ]; do
    case $1 in
        --rounds) rounds=$2; shift 2 ;;
        --minutes) minutes=$2; shift 2 ;;
        --seed) seed=$2; shift 2 ;;
        --program) program=$2; shift 2 ;;
        *) say "chaos.sh knows --rounds, --minutes, --seed and --program, not $1"; exit 2 ;;
    esac
done

if [ -z "$program" ]; then
    cargo build --release --locked --bin countersign
    program=target/release/countersign
fi
# A copy: what is built meanwhile does not change it.
room=$(mktemp -d)
cp "$program" "$room/countersign"
program=$room/countersign
reports=$room/reports
[ -z "${KEEP:-}" ] || reports=docs/chaos
trap 'stop_postgres; rm -rf "$room"' EXIT
trap 'exit 130' INT TERM

export COUNTERSIGN_LOG="${COUNTERSIGN_LOG:-error}"
run() {
    "$program" chaos --rounds "$rounds" --minutes "$minutes" --keep "$reports" --apart 4000 "$@"
}
begun=$(date +%s)
run --seed "$seed" --deaths 70 --faults 60 >"$room/one.json" &
one=$!
run --seed $((seed + 100)) --replicas 2 --deaths 70 --faults 60 >"$room/two.json" &
two=$!
run --seed $((seed + 300)) --replicas 2 --deaths 12 --faults 12 --jumps 12 >"$room/four.json" &
four=$!
three=""
if start_postgres; then
    run --seed $((seed + 200)) --replicas 3 --deaths 80 --faults 60 \
        --postgres "$COUNTERSIGN_TEST_POSTGRES" >"$room/three.json" &
    three=$!
else
    say "Left out: three replicas on PostgreSQL; no server could be had (on Debian: apt-get install postgresql)"
fi
wrong=0
wait $one || wrong=1
wait $two || wrong=1
wait $four || wrong=1
[ -z "$three" ] || wait $three || wrong=1
say "Took $(($(date +%s) - begun)) s, with what was waited for until all was quiet. In all reports:"
"$program" chaos --total "$reports"
[ -z "${KEEP:-}" ] || "$program" chaos --sum README.md
[ $wrong = 0 ] || say "Something that must hold was broken; the reports name it and its seed."
exit $wrong
