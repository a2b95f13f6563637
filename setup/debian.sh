#!/bin/bash
# Installs the Debian packages that are missing.   setup/debian.sh run | desktop | test
# "run" takes the first part of debian-packages.txt, "desktop" the second too, "test" all of it. Asks nothing, needs no
# network when nothing is missing. SKIP_DEBIAN=1 leaves the machine alone.
set -euo pipefail
cd "$(dirname "$0")"
part=${1:-test}
list=debian-packages.txt
log=$(mktemp --suffix=-skype2sip-apt.log)

stop() { echo "skype2sip: $*" >&2; exit 1; }

# the parts stand in their order, and each one needs those before it
wanted() { awk -v last="[$part]" '/^\[/ { if (over) exit; over = ($1 == last); next }
                                  /^[a-z]/ { print $1 }' "$list"; }

missing() {
    local there
    # ${Package} without the architecture; "ii" is installed and configured
    there=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' $(wanted) 2>/dev/null |
            sed -n 's/^ii *//p' || true)
    wanted | grep -vxF -f <(printf '%s\n' "$there" no-such-package) || true
}

[ -z "${SKIP_DEBIAN:-}" ] || exit 0
command -v dpkg-query >/dev/null ||
    stop "this is not a Debian system: install what setup/$list names in your system's own way, then run make again with SKIP_DEBIAN=1."

packages=$(missing)
[ -n "$packages" ] || { rm -f "$log"; exit 0; }
names=$(echo $packages)

as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
        stop "some Debian packages are missing, and there is neither root nor sudo: run \"apt-get install --no-install-recommends $names\" as root, then make again."
    as_root=(sudo)
fi

apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" </dev/null >>"$log" 2>&1; }

echo "Installing Debian packages: $names ..."
"${as_root[@]}" true || stop "sudo refused: run \"apt-get install --no-install-recommends $names\" as root, then make again."
if ! apt install --no-install-recommends $names; then
    # the lists may be missing or old
    apt update || stop "apt-get update failed (log: $log): check the network and the apt sources of this machine, then run make again."
    apt install --no-install-recommends $names ||
        stop "apt-get could not install $names (log: $log): see the log's last lines, mend it, then run make again."
fi
rm -f "$log"

# The tests start their own Kamailio, PostgreSQL and Icecast on their own ports; what came in just now for
# their sake must not stay behind as a service that listens. One that was there before is not touched.
if [ -d /run/systemd/system ]; then
    for service in kamailio postgresql icecast2 prosody; do
        if grep -qx "$service" <<<"$packages"; then
            "${as_root[@]}" systemctl disable --now "$service" >/dev/null 2>&1 || true
        fi
    done
fi
