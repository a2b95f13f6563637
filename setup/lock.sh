#!/bin/bash
# Writes requirements/{run,voice,piper,build,dev}.txt from pyproject.toml: every version pinned, every file
# hashed, for every system and Python from 3.11, and no address of an index.   setup/lock.sh [--upgrade]
set -euo pipefail
cd "$(dirname "$0")/.."

[ -x .venv-lock/bin/uv ] || {
    .venv/bin/python -m venv .venv-lock
    .venv-lock/bin/python -m pip install --quiet uv
}
# pip's way of trusting an own certificate, told to uv
[ -z "${PIP_CERT:-}" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"

lock() {
    .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}
lock "$@" pyproject.toml --output-file requirements/run.txt
for extra in voice piper; do
    lock "$@" pyproject.toml --extra "$extra" --constraint requirements/run.txt --output-file "requirements/$extra.txt"
done
lock "$@" pyproject.toml --extra voice --extra piper --group dev --constraint requirements/run.txt --output-file requirements/dev.txt
lock "$@" --group build --constraint requirements/dev.txt --output-file requirements/build.txt
grep -c '^[a-z].*==' requirements/*.txt
