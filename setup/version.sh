#!/bin/bash
# Writes what `python -m bridge --version` says into bridge/version.txt: the last tag and how far it is behind,
# in the words of setuptools-scm, which does the same for a package (pyproject.toml).
set -euo pipefail
cd "$(dirname "$0")/.."
file=bridge/version.txt

if described=$(git describe --tags --long --match 'v[0-9]*' 2>/dev/null); then
    version=$(sed -E 's/^v//; s/-0-g[0-9a-f]+$//; s/-([0-9]+)-g/.post\1+g/' <<<"$described")
elif [ -e "$file" ]; then  # git is not there, or does not trust whoever asks
    exit 0
else
    version=$(sed -n 's/^fallback_version = "\(.*\)"$/\1/p' pyproject.toml)
fi
[ "$(cat "$file" 2>/dev/null)" = "$version" ] || echo "$version" >"$file"
