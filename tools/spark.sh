#!/usr/bin/env bash
# Makes .venv-spark from requirements/spark.lock: the office's packages and Apache Spark, apart from .venv (half a gigabyte).
set -euo pipefail
cd "$(dirname "$0")/.."

java="${JAVA_HOME:+$JAVA_HOME/bin/}java"
if ! version="$("$java" -version 2>&1)"; then
    echo "spark: no Java found. Mend: install a runtime of Java 17 or newer (Debian: openjdk-17-jre-headless), or set JAVA_HOME" >&2
    exit 1
fi
release="$(sed -nE '1s/.*version "([0-9]+).*/\1/p' <<<"$version")"
if ((${release:-0} < 17)); then
    echo "spark: Java ${release:-of an unknown release} found at $java, 17 or newer is needed. Mend: install one, or set JAVA_HOME" >&2
    exit 1
fi

want="$(sha256sum <requirements/spark.lock | cut -d' ' -f1)  $PWD"
stamp=.venv-spark/.dengwen-stamp
[[ -f $stamp && "$(<"$stamp")" == "$want" ]] && exit 0
echo "spark: making .venv-spark (about 500 MB are fetched from the package index)"
.venv/bin/python -m venv --clear .venv-spark
export PIP_DISABLE_PIP_VERSION_CHECK=1
rest="$(mktemp)" && only="$(mktemp)"
trap 'rm -f "$rest" "$only"' EXIT
# pyspark comes as source only: the rest first, so that it is built by the locked setuptools and nothing is fetched for that
awk -v rest="$rest" -v only="$only" '/^[^ ]/ { file = /^pyspark==/ ? only : rest } { print > file }' requirements/spark.lock
.venv-spark/bin/python -m pip install -qq --require-hashes --only-binary :all: -r "$rest"
.venv-spark/bin/python -m pip install -qq --require-hashes --no-deps --no-build-isolation --no-binary pyspark -r "$only"
echo "$want" >"$stamp"
echo "spark: ready"
