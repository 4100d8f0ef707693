#!/usr/bin/env bash
# Every check that needs no test run. All are run, whatever the first says; the names of the broken ones close.
set -uo pipefail
cd "$(dirname "$0")/.."
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export DENGWEN_SECRET_KEY="only to look at the code" DENGWEN_DATA="$scratch" DENGWEN_DATABASE_URL=
bin=.venv/bin
broken=()
: "${LINES_EACH:=40}"

check() {
    local name="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        echo "ok      $name"
    else
        echo "BROKEN  $name"
        head -n "$LINES_EACH" <<<"$output" | sed 's/^/        /'
        (($(wc -l <<<"$output") > LINES_EACH)) && echo "        … $(wc -l <<<"$output") lines in all; LINES_EACH=9999 shows them"
        broken+=("$name")
    fi
}

no_address_in_locks() { ! grep -nE '(https?|file)://' requirements/*.lock; }
no_missing_migration() { $bin/python manage.py makemigrations --check --dry-run; }

$bin/mypy --no-error-summary >"$scratch/types.log" 2>&1 & # the longest: beside all others
types=$!
types_hold() { cat "$scratch/types.log" && return "$1"; }

check "style (ruff; mend what can be mended by itself: make format)" $bin/ruff check --no-fix --quiet --output-format concise .
check "format (ruff; mend: make format)" $bin/ruff format --check --quiet .
check "templates one tag a line (tools/template_format.py; mend: make format)" $bin/python -m tools.template_format --check
check "layers (import-linter)" $bin/lint-imports --no-logo
check "house rules (tools/house_check.py)" $bin/python -m tools.house_check
check "pages made from packs and code are current" $bin/python -m tools.docs --check
check "every sentence of the procedure is shown or explained (docs/reference/coverage.md)" $bin/python -m tools.coverage --check
check "locks name no address" no_address_in_locks
check "Django's own checks" $bin/python manage.py check --fail-level WARNING
check "migrations are complete (mend: make migrations)" no_missing_migration
wait "$types"
check "types (mypy --strict)" types_hold $?
command -v shellcheck >/dev/null && check "shell scripts (shellcheck)" shellcheck tools/*.sh .ci/run

if ((${#broken[@]})); then
    printf -v names '%s; ' "${broken[@]}"
    echo "lint: broken: ${names%; }"
    exit 1
fi
echo "lint: all is well"
