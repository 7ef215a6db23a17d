#!/bin/sh
# Cargo calls this instead of rustc for our own crate. For the release build on Linux with glibc
# (x86-64) it adds two things, and nothing otherwise or when COUNTERSIGN_LINK=plain:
#
# - Symbols whose names say what a generic function is made for, instead of hiding it in a hash, so
#   that order.txt.gz still fits after a change.
# - cc.sh as the linker, which puts the functions that a start needs beside each other.
here=$(dirname "$0")
case " ${COUNTERSIGN_LINK:-} $* " in
    " plain "*) ;;
    *" opt-level=s "*)
        case "$("$1" -vV)" in
            *"host: x86_64-unknown-linux-gnu"*)
                case " $* " in
                    *" --target "*) ;;
                    *" --crate-type bin "*)
                        set -- "$@" -C symbol-mangling-version=v0 -C "linker=$here/cc.sh" ;;
                    *) set -- "$@" -C symbol-mangling-version=v0 ;;
                esac ;;
        esac ;;
esac
exec "$@"
