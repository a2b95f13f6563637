#!/bin/bash
# Makes .venv from the pinned, hashed lists in requirements/.   setup/venv.sh run | test | voice | piper
# Does nothing when .venv already holds what the lists say. voice and piper are added to what is there.
set -euo pipefail
cd "$(dirname "$0")/.."
part=${1:-test}
stamp=.venv/installed-from

stop() { echo "skype2sip: $*" >&2; exit 1; }

sum() { cat "$@" | sha256sum | cut -c1-64; }
run=$(sum requirements/run.txt)
all=$(sum requirements/{build,run,dev}.txt)

case $part in voice | piper) extra=$part; part=run ;; *) extra='' ;; esac
added=.venv/added-$extra
of_extra=$([ -z "$extra" ] || sum "requirements/$extra.txt")

# the stamp says what is in .venv and where it was made: it cannot be moved
ready() {
    local have='' where=''
    { read -r have && read -r where; } 2>/dev/null <"$stamp" || return 1
    [ "$where" = "$PWD" ] || return 1
    [ "$have" = "$all" ] && return 0  # tests need all extras
    [ "$part-$have" = "run-$run" ] || return 1
    [ -z "$extra" ] || [ "$(cat "$added" 2>/dev/null)" = "$of_extra" ]
}
ready && [ -x .venv/bin/python ] && exit 0

# several makes may start at once: one sets up, the others wait
{ exec 9>>.venv.lock; } 2>/dev/null ||
    stop "$(id -un) may not write in $PWD: run make setup there as its owner, then this again."
flock 9
ready && [ -x .venv/bin/python ] && exit 0

works() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

[ ! -e "$stamp" ] || [ "$(sed -n 2p "$stamp")" = "$PWD" ] || rm -rf .venv
if ! works .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    for python in ${PYTHON:-python3.11 python3 python3.12 python3.13} ""; do
        [ -n "$python" ] || stop "Python 3.11 or newer is needed and was not found: install it (Debian: apt-get install python3 python3-venv), or name it with make PYTHON=/path/to/python."
        ! works "$python" || break
    done
    rm -rf .venv
    "$python" -m venv .venv >/dev/null ||
        stop "$python cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv), then run make again."
fi

echo "Installing Python packages into .venv (the first time takes a minute) ..."
log=.venv/install.log
rm -f "$stamp"
install() {
    .venv/bin/python -m pip install --require-hashes --no-input --disable-pip-version-check "$@" \
        </dev/null >>"$log" 2>&1 ||
        { grep -m3 '^ERROR' "$log" >&2 || true
          stop "the Python packages could not be installed (log: $log): check the network and pip's configuration, then run make again."; }
}
: >"$log"
if [ "$part" = run ]; then
    install -r requirements/run.txt
    # extras that were added before go with the new versions
    for name in voice piper; do
        if [ "$name" = "$extra" ] || [ -e ".venv/added-$name" ]; then
            install -r "requirements/$name.txt"
            sum "requirements/$name.txt" >".venv/added-$name"
        fi
    done
    printf '%s\n' "$run" "$PWD" >"$stamp"
else
    install -r requirements/build.txt
    # what has to be compiled is compiled with the pinned tools just installed
    install --no-build-isolation -r requirements/dev.txt
    printf '%s\n' "$all" "$PWD" >"$stamp"
fi
