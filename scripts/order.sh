#!/bin/sh
# Writes scripts/link/order.txt.gz anew: the functions that the service needs from its start to its
# rest, then those of a click, as valgrind sees them. Half an hour's worth of changes moves little;
# `countersign bench` says when it is time again, by what stays in memory at rest.
set -eu
cd "$(dirname "$0")/.."
. scripts/need.sh

need_rust
need valgrind valgrind || { say "valgrind is missing and could not be installed." >&2; exit 1; }
cargo build --release --locked --bin countersign
program=$PWD/target/release/countersign
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
# Dumped so often, because the benchmark ends what it measures without a warning.
cat >"$room/watched" <<END
#!/bin/sh
PATH=$PATH exec valgrind --tool=callgrind --demangle=no --dump-every-bb=8000000 \
    --callgrind-out-file=$room/seen "$program" "\$@"
END
chmod +x "$room/watched"
cat >"$room/once.awk" <<'END'
# valgrind adds '2 to the name of a function that calls itself.
{ sub(/'[0-9]+$/, ""); name = lasting($0) }
name ~ /^[A-Za-z_]/ && !seen[name]++ { print name }
END
"$program" bench --clicks 30 --json --program "$room/watched" --disk "$room" >/dev/null
find "$room" -name 'seen.*' -printf '%f\n' | sort -t . -k 2 -n | while read -r part; do
    # Names of our own program's functions: each is written out once, where it first occurs.
    awk '
        /^c?ob=/ {
            at = index($0, "("); id = substr($0, at, index($0, ")") - at + 1)
            name = substr($0, index($0, ")") + 2)
            if (name != "") objects[id] = name
            if ($0 ~ /^ob=/) ours = objects[id] ~ /countersign$/
        }
        /^c?fn=/ {
            at = index($0, "("); id = substr($0, at, index($0, ")") - at + 1)
            name = substr($0, index($0, ")") + 2)
            if (name != "") names[id] = name
            if (ours && $0 ~ /^fn=/) print names[id]
        }' "$room/$part"
done | awk -f scripts/link/names.awk -f "$room/once.awk" |
    gzip -9n >scripts/link/order.txt.gz
say "$(gzip -dc scripts/link/order.txt.gz | wc -l) functions are in scripts/link/order.txt.gz"
