#!/usr/bin/env bash
# Runs the tests on each database named, then prints the sum.
#   tools/test.sh sqlite postgres            everything; begins build/tests-passed.json anew
#   tools/test.sh sqlite postgres second     and what another Python can change, on SQLite, with that of .venv-second
#   tools/test.sh … vectors                  and, where the folder of large data is, other people's vectors in it
#   tools/test.sh … lint                     and, beside them, every check that needs no test run
#   tools/test.sh sqlite -- tests/law -x     part of it; adds to that file
set -uo pipefail
cd "$(dirname "$0")/.."

# A run starts some hundred processes; without kept bytecode each would compile all of Dengwen anew.
unset PYTHONDONTWRITEBYTECODE

databases=()
while (($#)) && [[ $1 != -- ]]; do
    databases+=("$1")
    shift
done
[[ ${1:-} == -- ]] && shift
mkdir -p build
# Pairs of worlds compared in an ordinary run, with some of the planted leaks: ten seconds. From five on all leaks are planted
# (.ci/run compares six), from twenty on everybody asks every route; `make wall` compares 2,000.
export DENGWEN_WALL_PAIRS="${DENGWEN_WALL_PAIRS:-2}"
((${#databases[@]} > 1 && $# == 0)) && rm -f build/tests-passed.json build/test-slowest.json

# In memory where there is room: tests wait for a disk some thousand times, and prove nothing by it. 3 GB are ample.
memory=/dev/shm
if [[ -z ${TMPDIR:-} && -w $memory && $(df --output=avail -k "$memory" 2>/dev/null | tail -n 1) -gt 3000000 ]]; then
    TMPDIR="$(mktemp -d "$memory/dengwen-tests.XXXXXX")"
    chmod 711 "$TMPDIR" # PostgreSQL runs as another user and lies in it
    export TMPDIR
    in_memory="$TMPDIR"
fi
scratch="$(mktemp -d)"
stop_servers() {
    local record
    for record in "$scratch"/postgres.*; do
        [[ -f $record ]] && DENGWEN_POSTGRES_RECORD="$record" tools/postgres.sh stop
    done
    return 0
}
export DENGWEN_TEST_NUMBERS="$scratch/numbers" DENGWEN_POSTGRES_RECORD="$scratch/postgres.record"
trap 'stop_servers; rm -rf "$scratch" ${in_memory:+"$in_memory"}' EXIT
trap 'exit 130' INT TERM
: >"$DENGWEN_TEST_NUMBERS"

# One database: the arguments go to pytest. Says what it does; returns pytest's code.
run() {
    local database=$1 python=.venv/bin/python code long="${DENGWEN_TEST_LONG:-}"
    shift
    unset DENGWEN_DATABASE_URL DENGWEN_TEST_RUN
    if [[ $database == second ]]; then
        # Browsers are the first one's.
        database=sqlite python=.venv-second/bin/python long=""
        export DENGWEN_LAW_MUTANTS=2 # what a changed rule does, the first one tries
        DENGWEN_TEST_RUN="sqlite, $("$python" -V)"
        export DENGWEN_TEST_RUN
        set -- -m "not browser" "$@"
    elif [[ $database == vectors ]]; then
        database=sqlite DENGWEN_TEST_RUN="sqlite, vectors of others"
        export DENGWEN_TEST_RUN
        set -- -m extra "$@"
    fi
    echo "— tests on ${DENGWEN_TEST_RUN:-$database}${*:+: $*} —"
    if [[ $database == postgres ]]; then
        long=""
        DENGWEN_DATABASE_URL="$(tools/postgres.sh url 2>/dev/null || tools/postgres.sh start)" || return 1
        export DENGWEN_DATABASE_URL
    fi
    DENGWEN_TEST_DB="$database" DENGWEN_TEST_LONG="$long" "$python" -m pytest "$@"
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

# Everything: portions, the long ones first, and three hands that each take the next one nobody took: two cores, and a third
# hand for the moments in which one waits for a browser or a database. A hand has a PostgreSQL of its own. What a
# portion says is shown whole when all are done.
# build/test-times.json says how long each file took; a portion that ends last should be cut in two.
PORTIONS=(
    "sqlite REST"
    "setup second"
    "sqlite tests/desk"
    "sqlite tests/journeys tests/portal tests/ui"
    "sqlite tests/wall"
    "sqlite tests/cli"
    "sqlite tests/law tests/bench"
    "postgres REST"
    "postgres tests/cases tests/petitions tests/practice tests/worker"
    "sqlite tests/cases tests/ledger"
    "second tests/law tests/merkle tests/documents tests/access"
    "lint"
    "sqlite tests/practice tests/petitions tests/worker"
    "postgres tests/desk tests/portal"
    "second tests/ledger tests/organs tests/editions tests/cases/test_door.py tests/cli/test_founding.py tests/cli/test_keeping.py tests/cli/test_office.py"
    "vectors tests/merkle tests/access tests/law tests/documents tests/editions tests/organs tests/cases"
)

# The folders that no portion of this database names, so that a new folder cannot be forgotten.
rest() {
    local database=$1 folder named
    named=" $(printf '%s\n' "${PORTIONS[@]}" | grep "^$database " | tr '\n' ' ') "
    for folder in tests/*/; do
        folder="${folder%/}"
        [[ -z "$(find "$folder" -name 'test_*.py' -print -quit)" || $named == *" $folder "* ]] || echo "$folder"
    done
}

# Whether a database is among those named; a second Python that is not there was told of when it was looked for, and large
# data is extra: what it proves is proved on invented data as well.
is_asked() {
    local wanted=$1
    [[ $wanted == setup ]] && wanted=second
    [[ " ${databases[*]} " == *" $wanted "* ]] || return 1
    case "$1" in
        second)
            until [[ -f $scratch/second.ready ]]; do sleep 0.2; done
            [[ -x .venv-second/bin/python ]]
            ;;
        vectors) [[ -d "${DENGWEN_SHARED:-../shared}" ]] ;;
    esac
}

# One portion: tests, or what they and the machine have time for meanwhile.
play() {
    local database=$1 what=$2
    case "$database" in
        setup)
            tools/second.sh
            local code=$?
            touch "$scratch/second.ready" # the portions of the second Python wait for it, well or not
            return "$code"
            ;;
        lint) tools/lint.sh ;;
        # shellcheck disable=SC2086 # the folders are words
        *) (run "$database" $what) ;;
    esac
}

timed() {
    local TIMEFORMAT="— %U s of the processor and %S s of the system —" code
    time "$@"
    code=$?
    echo "— $SECONDS s after the start —"
    return "$code"
}

hand() {
    local n=$1 portion database what code worst=0 number=0
    export DENGWEN_POSTGRES_RECORD="$scratch/postgres.$n"
    for portion in "${PORTIONS[@]}"; do
        number=$((number + 1))
        mkdir "$scratch/taken.$number" 2>/dev/null || continue # another hand has it
        database="${portion%% *}" what="${portion#* }"
        is_asked "$database" || continue
        [[ $what == REST ]] && what="$(rest "$database" | tr '\n' ' ')"
        timed play "$database" "$what" >"$scratch/$number.log" 2>&1
        code=$?
        ((code)) && worst=$code
    done
    tools/postgres.sh stop
    return "$worst"
}

worst=0
if ((${#databases[@]} > 1 && $# == 0)); then
    hands=()
    for n in 1 2 3; do
        hand "$n" &
        hands+=("$!")
    done
    for n in "${hands[@]}"; do
        wait "$n" || worst=$?
    done
    for number in "${!PORTIONS[@]}"; do
        [[ -f "$scratch/$((number + 1)).log" ]] && cat "$scratch/$((number + 1)).log"
    done
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
