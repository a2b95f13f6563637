"""From one session nothing of another one can be reached, nor of the house. What each attack looks
for is there: it is found by whoever may.
"""

import os
import socket

import psutil
import pytest

from tests.bridge.connectors.desktop.walls.conftest import SECRET, Neighbours

NO_WAY = ("refused", "unreachable", "No route to host")

pytestmark = [pytest.mark.real, pytest.mark.asyncio(loop_scope="package")]


async def test_the_files_of_a_neighbour(neighbours: Neighbours) -> None:
    assert SECRET in await neighbours.victim_sees("cat /home/user/cookies")
    path = neighbours.victim.home / "cookies"
    assert "No such file" in await neighbours.tries(f"cat {path}")
    assert SECRET not in await neighbours.tries("grep -rs neighbour /home /run /tmp /etc /srv /mnt")


async def test_the_sockets_of_a_neighbour(neighbours: Neighbours) -> None:
    own = (await neighbours.tries("ls /run/session")).split()
    assert "pulse.sock" in own
    assert (neighbours.victim.run / "pulse.sock").is_socket()
    for name in ("pulse.sock", "bus"):
        path = neighbours.victim.run / name
        assert "No such file" in await neighbours.tries(f"ls {path}")


async def test_the_house_itself(neighbours: Neighbours) -> None:
    database = neighbours.directory / "skype2sip.db"
    assert database.read_text() == SECRET
    for path in (
        database,
        neighbours.directory,
        "/var/lib/dpkg/status",
        "/etc/shadow",
        "/etc/hostname",
    ):
        assert os.path.exists(path), path  # noqa: ASYNC240  # at once
        told = await neighbours.tries(f"cat {path}; ls {path}")
        assert "No such file" in told or "Permission denied" in told, (path, told)


async def test_processes_of_others(neighbours: Neighbours) -> None:
    assert psutil.pid_exists(os.getpid())
    seen = await neighbours.tries("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    assert "pulseaudio" in seen
    assert "pytest" not in seen
    assert str(neighbours.victim.number) not in seen
    assert str(neighbours.directory) not in seen
    assert "No such process" in await neighbours.tries(f"kill -9 {os.getpid()}")


async def test_the_screen_of_a_neighbour(neighbours: Neighbours) -> None:
    """Both have the same number, each in a network and a /tmp of its own; and a key."""
    probe = "xdotool search --onlyvisible --name . getwindowname %@"
    shown = await neighbours.victim_sees("ls /tmp/.X11-unix; ls /run/session")
    assert "X" in shown
    inode = "stat -c %d:%i /tmp/.X11-unix/*"
    assert await neighbours.tries(inode) != await neighbours.victim_sees(inode)
    display = "DISPLAY=:$(ls /tmp/.X11-unix | tr -d X)"
    without = await neighbours.tries(f"{display} XAUTHORITY=/dev/null {probe}")
    assert "Authorization required" in without or "Can't open display" in without
    assert "@/tmp/.X11" not in await neighbours.tries("cat /proc/net/unix")


async def test_shared_memory(neighbours: Neighbours) -> None:
    """POSIX and System V."""
    await neighbours.victim_sees(f"echo '{SECRET}' > /dev/shm/shared; ipcmk -M 4096 -p 0666")
    assert "0x" in await neighbours.victim_sees("ipcs -m")
    assert "shared" not in await neighbours.tries("ls /dev/shm")
    assert "0x" not in await neighbours.tries("ipcs -m")


async def test_the_loopback_of_the_machine(neighbours: Neighbours) -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()  # it does listen
        for host in ("127.0.0.1", "198.18.0.2", *own_addresses()):
            tried = await neighbours.tries(f"timeout 3 bash -c '</dev/tcp/{host}/{port}'")
            assert any(word in tried for word in NO_WAY), (host, tried)


@pytest.mark.parametrize("host", ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"])
async def test_private_networks(neighbours: Neighbours, host: str) -> None:
    tried = await neighbours.tries(f"timeout 3 bash -c '</dev/tcp/{host}/80'")
    assert any(word in tried for word in NO_WAY), tried


async def test_routes_cannot_be_changed(neighbours: Neighbours) -> None:
    before = await neighbours.tries("ip route")
    assert "unreachable 10.0.0.0/8" in before
    for attack in (
        "ip route del unreachable 10.0.0.0/8",
        "unshare -Ur ip route del unreachable 10.0.0.0/8",
    ):
        assert "Operation not permitted" in await neighbours.tries(attack)
    assert await neighbours.tries("ip route") == before


async def test_privileges(neighbours: Neighbours) -> None:
    status = await neighbours.tries("grep -E 'Cap|NoNewPrivs' /proc/self/status")
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert f"{name}:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert "uid=0" not in await neighbours.tries("su -c id; sudo -n id; pkexec id")
    refused = await neighbours.tries("mount -t tmpfs none /tmp")
    assert "permission" in refused or "superuser" in refused


async def test_what_is_inherited(neighbours: Neighbours) -> None:
    """Nothing of the worker's environment, and no file of it that is open."""
    assert "denied" in await neighbours.tries("cat /proc/1/environ")
    names = {line.partition("=")[0] for line in (await neighbours.tries("env")).splitlines()}
    assert names <= {
        *("HOME", "LANG", "PATH", "PWD", "OLDPWD", "SHLVL", "_", "PYTHONPATH"),
        *("PYTHONDONTWRITEBYTECODE", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"),
        *("NO_AT_BRIDGE", "PULSE_SERVER", "PULSE_COOKIE", "PULSE_SINK", "PULSE_SOURCE"),
        *("DISPLAY", "XAUTHORITY", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"),
    }, names
    open_files = await neighbours.tries("ls -l /proc/self/fd /proc/2/fd")
    assert str(neighbours.directory) not in open_files


async def test_what_may_be_written(neighbours: Neighbours) -> None:
    assert "Read-only" in await neighbours.tries("touch /usr/bin/ours")
    tried = await neighbours.tries("touch /etc/passwd /root /x; touch /home/user/mine; echo done")
    assert "done" in tried
    assert (neighbours.attacker.home / "mine").exists()
    assert not os.path.exists("/x")  # noqa: ASYNC240  # at once


async def test_scratch_is_bounded(neighbours: Neighbours) -> None:
    tried = await neighbours.tries("head -c 300M /dev/zero > /tmp/big; stat -c %s /tmp/big")
    assert "No space left" in tried
    await neighbours.tries("rm /tmp/big")


async def test_processes_are_bounded(neighbours: Neighbours) -> None:
    """A bomb goes off, and the session and its neighbour live on."""
    bomb = "i=0; while [ $i -lt 700 ]; do sleep 3 >/dev/null 2>&1 & i=$((i+1)); done; true"
    said = await neighbours.tries(bomb)
    assert "Resource temporarily unavailable" in said or "Cannot fork" in said
    assert "user" in await neighbours.victim_sees("id")


def own_addresses() -> list[str]:
    return [
        one.address
        for addresses in psutil.net_if_addrs().values()
        for one in addresses
        if one.family is socket.AF_INET and not one.address.startswith("127.")
    ]
