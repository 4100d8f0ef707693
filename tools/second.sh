#!/usr/bin/env bash
# Makes .venv-second with another Python than .venv has: Debian's own, or, where .venv is of that, the newest other one of
# this machine (on the path or with pyenv). Where there is no other one it says so and leaves no .venv-second.
set -euo pipefail
cd "$(dirname "$0")/.."

version() { "$1" -c 'import platform as p, sys; sys.version_info < (3, 11) or print(p.python_version())' 2>/dev/null || true; }

first="$(version .venv/bin/python)"
others() { # version and path of each other Python that is new enough; the newest first
    local path found
    for path in $(compgen -c python3. | grep -E '^python3\.[0-9]+$' | sort -u) "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python3; do
        found="$(version "$path")"
        [[ -n $found && $found != "$first" ]] && echo "$found $path"
    done | sort -rV
}

if [[ -n "$(version /usr/bin/python3)" && "$(version /usr/bin/python3)" != "$first" ]]; then
    chosen=/usr/bin/python3
else
    newest="$(others | head -n 1)"
    chosen="${newest#* }"
fi
if [[ -z $chosen ]]; then
    echo "second: no other Python than $first here; the tests run with it alone"
    rm -rf .venv-second
    exit 0
fi
echo "second: Python $(version "$chosen") beside $first"
PYTHON="$chosen" exec tools/setup.sh .venv-second
