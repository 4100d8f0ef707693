#!/usr/bin/env bash
# Resolves requirements/*.in into *.lock: exact versions with hashes, for every platform, naming no address.
set -euo pipefail
cd "$(dirname "$0")/../requirements"

compile() {
    ../.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}
compile ${UPGRADE:+--upgrade} core.in -o core.lock
compile ${UPGRADE:+--upgrade} -c core.lock dev.in -o dev.lock
if grep -nE '(https?|file)://' ./*.lock; then
    echo "lock: the lines above name an address; lock files must not" >&2
    exit 1
fi
