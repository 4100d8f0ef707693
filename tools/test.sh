#!/usr/bin/env bash
# Runs the tests on each database named, then prints the sum.
#   tools/test.sh sqlite postgres            everything; begins build/tests-passed.json anew
#   tools/test.sh sqlite -- tests/law -x     part of it; adds to that file
set -uo pipefail
cd "$(dirname "$0")/.."

databases=()
while (($#)) && [[ $1 != -- ]]; do
    databases+=("$1")
    shift
done
[[ ${1:-} == -- ]] && shift
mkdir -p build
# Pairs of worlds compared in an ordinary run; .ci/run compares 100, `make wall` 2,000, and from 100 on cells compared too seldom
# are named.
export DENGWEN_WALL_PAIRS="${DENGWEN_WALL_PAIRS:-20}"
((${#databases[@]} > 1 && $# == 0)) && rm -f build/tests-passed.json

scratch="$(mktemp -d)"
export DENGWEN_TEST_NUMBERS="$scratch/numbers" DENGWEN_POSTGRES_RECORD="$scratch/postgres.record"
trap 'tools/postgres.sh stop; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
: >"$DENGWEN_TEST_NUMBERS"

# One database: the arguments go to pytest. Says what it does; returns pytest's code.
run() {
    local database=$1 code
    shift
    echo "— tests on $database —"
    unset DENGWEN_DATABASE_URL
    if [[ $database == postgres ]]; then
        DENGWEN_DATABASE_URL="$(tools/postgres.sh start)" || return 1
        export DENGWEN_DATABASE_URL
    fi
    DENGWEN_TEST_DB="$database" .venv/bin/python -m pytest "$@"
    code=$?
    if ((code == 5)); then # pytest's word for "no test was there to run"
        if [[ $database == postgres ]]; then
            echo "no test among these touches the database: nothing to run on PostgreSQL"
            code=0
        else
            echo "no test found, which is a failure: nothing was proved" >&2
        fi
    fi
    return "$code"
}

# Everything: two queues of about the same length, for two cores. What a queue says is shown whole when it ends.
# build/test-times.json says how long each file took; what keeps the first queue long may move to the second.
APART=(tests/law tests/merkle tests/wall)
worst=0
if ((${#databases[@]} > 1 && $# == 0)); then
    run sqlite "${APART[@]/#/--ignore=}" >"$scratch/first.log" 2>&1 &
    first=$!
    {
        run postgres
        code=$?
        run sqlite "${APART[@]}" || code=$?
        exit "$code"
    } >"$scratch/second.log" 2>&1 &
    second=$!
    wait "$first" || worst=$?
    cat "$scratch/first.log"
    wait "$second" || worst=$?
    cat "$scratch/second.log"
else
    for database in "${databases[@]}"; do
        run "$database" "$@" || worst=$?
    done
fi

read -r passed failed skipped < <(awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}' "$DENGWEN_TEST_NUMBERS")
echo "$passed passed, $failed failed" >build/test-total.txt
((skipped)) && echo "$skipped skipped, see above"
cat build/test-total.txt
exit "$worst"
