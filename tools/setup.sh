#!/usr/bin/env bash
# Makes an environment from requirements/dev.lock and installs this project into it. Does nothing when nothing changed.
#   tools/setup.sh [FOLDER]     FOLDER is .venv without a word; PYTHON=/path/to/python3 says which Python it is made with
set -euo pipefail
cd "$(dirname "$0")/.."
venv="${1:-.venv}"

# What the venv depends on: the locked packages, and how the project itself is installed (the head of pyproject).
want="$({ cat requirements/dev.lock && sed '/^# --- tests/,$d' pyproject.toml; } | sha256sum | cut -d' ' -f1)  $PWD"
stamp="$venv/.dengwen-stamp"
named_python() { [[ -z ${PYTHON:-} || "$("$venv/bin/python" -V 2>&1)" == "$("$PYTHON" -V 2>&1)" ]]; }
is_ready() { [[ -f $stamp && "$(<"$stamp")" == "$want" && -x $venv/bin/dengwen ]] && named_python; }
is_ready && exit 0
if command -v flock >/dev/null; then # two of us may ask at once
    exec 9<requirements/dev.lock
    flock 9
    is_ready && exit 0
fi

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
if [[ -n ${PYTHON:-} ]] && ! new_enough "$PYTHON"; then
    echo "setup: PYTHON=$PYTHON is no Python 3.11 or newer. Name another one, or none" >&2
    exit 1
fi
find_python() {
    local name
    for name in "${PYTHON:-python3}" python3 python3.11 python3.12 python3.13 /usr/bin/python3; do
        if new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! python="$(find_python)"; then
    tools/packages.sh python3 python3-venv
    python="$(find_python)" || {
        echo "setup: no Python 3.11 or newer found. Install one, or name it: make setup PYTHON=/path/to/python3" >&2
        exit 1
    }
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    tools/packages.sh python3-venv
    python=/usr/bin/python3
fi

# A venv that was moved, or made by another Python, would answer with the wrong files: begin anew.
if [[ ! -x $venv/bin/python ]] || ! named_python || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1 ||
    ! grep -qsF "command = " "$venv/pyvenv.cfg" || ! grep -qsF " $PWD/$venv" "$venv/pyvenv.cfg"; then
    echo "setup: making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
fi

echo "setup: installing the locked packages"
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$venv/bin/python" -m pip install -qq --require-hashes --only-binary :all: -r requirements/dev.lock
"$venv/bin/python" -m pip install -qq --no-index --no-deps --no-build-isolation --editable .
echo "$want" >"$stamp"
echo "setup: $venv is ready"
