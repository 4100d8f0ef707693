#!/usr/bin/env bash
# A throw-away PostgreSQL on a free loopback port, for tests only: it does not wait for the disk.
#   tools/postgres.sh start   make and start it, print its address
#   tools/postgres.sh url     print its address
#   tools/postgres.sh stop    stop it and remove it
# Several may run side by side: each keeps its record in DENGWEN_POSTGRES_RECORD (default build/postgres.record).
# DENGWEN_POSTGRES_FSYNC=on makes it wait for the disk: an office refuses to open on a server that does not.
# Without it the server also never counts its rows by itself: tests take back what they wrote, so that it would find empty
# tables, at whatever moment it looks, and then read them from end to end (a file of tests took eight minutes in the place of fifteen seconds).
# PostgreSQL refuses to run as root; then the server runs as the user postgres (or nobody).
set -euo pipefail
cd "$(dirname "$0")/.."
record="${DENGWEN_POSTGRES_RECORD:-build/postgres.record}"

fail() {
    echo "postgres: $1" >&2
    exit 1
}

programs() { # Debian's own, newest first; else whatever is on the path
    local folder
    for folder in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -rV); do
        [[ -x $folder/initdb ]] && echo "$folder" && return
    done
    command -v initdb >/dev/null && dirname "$(readlink -f "$(command -v initdb)")" && return
    fail "no initdb found. Mend: make setup-tests (Debian package: postgresql)"
}

as_server() {
    if ((EUID != 0)); then
        "$@"
    elif command -v runuser >/dev/null; then
        (cd / && runuser -u "$owner" -- "$@")
    else
        (cd / && setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups -- "$@")
    fi
}

free_port() { .venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

start() {
    [[ -f $record ]] && fail "already started: $record. Mend: tools/postgres.sh stop"
    local bin folder password port attempt fsync="${DENGWEN_POSTGRES_FSYNC:-off}"
    bin="$(programs)"
    owner="$(id -un)"
    if ((EUID == 0)); then
        owner=nobody
        if id postgres >/dev/null 2>&1; then owner=postgres; fi
    fi
    folder="$(mktemp -d "${TMPDIR:-/tmp}/dengwen-postgres.XXXXXX")"
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    (umask 077 && echo "$password" >"$folder/password")
    chown -R "$owner" "$folder"
    as_server "$bin/initdb" -D "$folder/data" -U dengwen --pwfile="$folder/password" --auth=scram-sha-256 \
        --encoding=UTF8 --locale=C --no-sync >"$folder.log" 2>&1 || {
        cat "$folder.log" >&2
        fail "initdb failed, see above"
    }
    for attempt in 1 2 3; do
        port="$(free_port)"
        if as_server "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o "-p $port -k $folder \
            -c listen_addresses=127.0.0.1 -c fsync=$fsync -c full_page_writes=$fsync -c autovacuum=$fsync -c max_connections=60" \
            start >"$folder.log" 2>&1; then
            mkdir -p "$(dirname "$record")"
            (umask 077 && printf '%s\n' "$folder" "$owner" "$bin" \
                "postgresql://dengwen:$password@127.0.0.1:$port/postgres" >"$record")
            rm -f "$folder.log"
            url
            return
        fi
        echo "postgres: attempt $attempt on port $port failed" >&2
    done
    cat "$folder.log" "$folder/log" >&2 || true
    rm -rf "$folder" "$folder.log"
    fail "could not start the server, see above"
}

url() {
    [[ -f $record ]] || fail "not started. Mend: tools/postgres.sh start"
    sed -n 4p "$record"
}

stop() {
    [[ -f $record ]] || return 0
    local folder bin
    folder="$(sed -n 1p "$record")"
    owner="$(sed -n 2p "$record")"
    bin="$(sed -n 3p "$record")"
    as_server "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
    case "$folder" in */dengwen-postgres.*) rm -rf "$folder" ;; esac
    rm -f "$record"
}

case "${1:-}" in
    start | stop | url) "$1" ;;
    *) fail "usage: tools/postgres.sh start|stop|url" ;;
esac
