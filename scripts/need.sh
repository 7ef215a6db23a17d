# Finding and installing what the other scripts need. Source it: . scripts/need.sh
# Programs come from Debian's apt, and only when this is root and COUNTERSIGN_NO_INSTALL is not set.

say() { printf '%s\n' "$*"; }

# need PROGRAM PACKAGE: true when the program is here, or could be installed.
need() {
    command -v "$1" >/dev/null 2>&1 && return 0
    if [ -n "${COUNTERSIGN_NO_INSTALL:-}" ] || [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        return 1
    fi
    say "Installing $2 with apt-get, because $1 is not on this machine."
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$2"; } >/dev/null 2>&1 || return 1
    command -v "$1" >/dev/null 2>&1
}

# need_rust: cargo and a C compiler (for SQLite and the cryptography), or a sentence and the end.
need_rust() {
    if ! command -v cargo >/dev/null 2>&1; then
        say "Rust is missing. Install it from https://rustup.rs and run this again." >&2
        exit 1
    fi
    if ! need cc build-essential; then
        say "A C compiler is missing. On Debian: apt-get install build-essential" >&2
        exit 1
    fi
}

# have_node: Node 18 or newer, with npm.
have_node() {
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)'
}

# have_chromium: Chromium or Chrome, installed when possible.
have_chromium() {
    [ -n "${CHROMIUM:-}" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    need chromium chromium
}
