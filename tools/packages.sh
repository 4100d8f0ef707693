#!/usr/bin/env bash
# Sees that the named Debian packages are there. As root it installs what is missing, after saying so;
# as anybody else it names them and stops.    usage: tools/packages.sh chromium fonts-noto-cjk …
set -euo pipefail

present() {
    case "$1" in
        chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
        fonts-noto-cjk) fc-list :lang=zh 2>/dev/null | grep -m1 . ;;
        postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb ;;
        libatomic1) ldconfig -p 2>/dev/null | grep libatomic.so.1 ;;
        python3) test -x /usr/bin/python3 ;;
        python3-venv) /usr/bin/python3 -c 'import ensurepip' ;;
        *) dpkg -s "$1" ;;
    esac >/dev/null 2>&1
}

missing=()
for package in "$@"; do
    present "$package" || missing+=("$package")
done
((${#missing[@]})) || exit 0
# Without fontconfig's fc-list nobody can tell whether a Chinese font is there.
[[ " ${missing[*]} " == *" fonts-noto-cjk "* ]] && missing+=(fontconfig)

if ((EUID != 0)) || ! command -v apt-get >/dev/null; then
    echo "packages: missing: ${missing[*]}" >&2
    echo "packages: mend: sudo apt-get install ${missing[*]}   (or their like on your system)" >&2
    exit 1
fi
echo "packages: installing ${missing[*]} with apt-get"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "packages: apt-get failed; see the lines above" >&2
    exit 1
fi
