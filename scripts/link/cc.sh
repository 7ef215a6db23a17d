#!/bin/sh
# The linker of a release build: cc, told in which order functions are to lie.
#
# Linux maps a program's file in pieces of 64 KiB. A start needs a fifth of our functions, but
# there is one of them in nearly every piece, so nearly all of the code would stay in memory.
# order.txt.gz names those functions (scripts/order.sh writes it); a name here is without the hashes
# that change with every dependency. What is not found is laid out as it comes.
set -eu
# Only lld knows an order of symbols. rustc brings it and asks for it so; a distribution's may not.
case " $* " in
    *" -fuse-ld=lld "*) ;;
    *) exec cc "$@" ;;
esac
here=$(dirname "$0")
names=$(mktemp)
trap 'rm -f "$names"' EXIT
inputs=""
for input in "$@"; do
    case $input in
        *.o | *.rlib | *.a) [ -f "$input" ] && inputs="$inputs $input" ;;
    esac
done
# shellcheck disable=SC2086 # rustc's temporary files have no spaces in their names
if command -v nm >/dev/null && command -v gzip >/dev/null; then
    { gzip -dc "$here/order.txt.gz"; echo ==; nm --defined-only --format=posix $inputs 2>/dev/null || :; } |
        awk -f "$here/names.awk" -f "$here/pick.awk" >"$names"
fi
set -- "$@" "-Wl,--symbol-ordering-file=$names" -Wl,--no-warn-symbol-ordering
# 2 MiB less to read at each start. An older glibc does not know it (2.36, August 2022).
case $(getconf GNU_LIBC_VERSION 2>/dev/null) in
    "glibc 2."[012]? | "glibc 2.3"[0-5] | "") ;;
    *) set -- "$@" -Wl,-z,pack-relative-relocs ;;
esac
cc "$@"
