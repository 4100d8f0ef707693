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
# what the office runs, at the office's versions, but pandas: Spark wants an older one
same="$(mktemp)"
trap 'rm -f "$same"' EXIT
sed -nE '/^pandas==/d; s/^([a-z].*==.*[^ ]) \\$/\1/p' core.lock >"$same"
compile ${UPGRADE:+--upgrade} -c "$same" spark.in -o spark.lock
if grep -nE '(https?|file)://' ./*.lock; then
    echo "lock: the lines above name an address; lock files must not" >&2
    exit 1
fi
