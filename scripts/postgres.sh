# A PostgreSQL server for the tests, thrown away after them. Source it, after need.sh:
#   . scripts/postgres.sh; start_postgres && …; stop_postgres
# It listens on a socket in a folder of its own, and sets COUNTERSIGN_TEST_POSTGRES. A server that
# is named there already is taken instead, and left running.

postgres_room=""
postgres_pid=""

# Where Debian puts the programs of each version; the newest.
postgres_bin() {
    for bin in /usr/lib/postgresql/*/bin; do
        [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && newest=$bin
    done
    [ -n "${newest:-}" ] && printf '%s' "$newest" && return
    command -v initdb >/dev/null 2>&1 && dirname "$(command -v initdb)"
}

# have_postgres: initdb and postgres, installed when possible.
have_postgres() {
    [ -n "$(postgres_bin)" ] && return 0
    # Debian would start a server of its own on the spot; nobody asked for one.
    need initdb postgresql || true
    [ -n "$(postgres_bin)" ]
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=postgres --regid=postgres --init-groups "$@"
    else
        "$@"
    fi
}

# start_postgres: true when COUNTERSIGN_TEST_POSTGRES names a server that answers.
start_postgres() {
    [ -n "${COUNTERSIGN_TEST_POSTGRES:-}" ] && return 0
    have_postgres || return 1
    bin=$(postgres_bin)
    postgres_room=$(mktemp -d "${TMPDIR:-/tmp}/countersign-postgres.XXXXXX") || return 1
    chmod 755 "$postgres_room"
    [ "$(id -u)" != 0 ] || chown postgres "$postgres_room"
    as_postgres "$bin/initdb" -D "$postgres_room/data" -U postgres --auth=trust --no-sync \
        --encoding=UTF8 --locale=C >"$postgres_room/initdb.log" 2>&1 || return 1
    # exec: the process that is stopped later is the server itself. What it keeps is thrown away.
    (
        cd "$postgres_room"
        if [ "$(id -u)" = 0 ]; then
            set -- setpriv --reuid=postgres --regid=postgres --init-groups "$bin/postgres"
        else
            set -- "$bin/postgres"
        fi
        exec "$@" -D "$postgres_room/data" -k "$postgres_room" -h '' \
            -c fsync=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c deadlock_timeout=100ms
    ) >"$postgres_room/server.log" 2>&1 &
    postgres_pid=$!
    tries=0
    until "$bin/pg_isready" -q -h "$postgres_room"; do
        tries=$((tries + 1))
        if [ $tries -gt 100 ] || ! kill -0 "$postgres_pid" 2>/dev/null; then
            tail -5 "$postgres_room/server.log" >&2
            stop_postgres
            return 1
        fi
        sleep 0.2
    done
    COUNTERSIGN_TEST_POSTGRES="postgres:///postgres?user=postgres&host=$postgres_room"
    export COUNTERSIGN_TEST_POSTGRES
}

# stop_postgres: stops the server that start_postgres started, and removes what it kept.
stop_postgres() {
    if [ -n "$postgres_pid" ]; then
        kill -INT "$postgres_pid" 2>/dev/null || true
        wait "$postgres_pid" 2>/dev/null || true
        postgres_pid=""
    fi
    if [ -n "$postgres_room" ]; then
        rm -rf "$postgres_room"
        postgres_room=""
    fi
}
