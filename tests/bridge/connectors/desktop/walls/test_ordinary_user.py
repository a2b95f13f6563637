"""A service that is not root: then all sessions have its own uid, and the namespaces alone are the
walls between them.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shlex import join

import pytest

from tests.bridge.connectors.desktop.namespaces import namespaces_are_needed
from tests.bridge.connectors.desktop.walls import ordinary

pytestmark = pytest.mark.real

UID = 64999
_ROOT = Path(__file__).parents[5]
_TUN = Path("/dev/net/tun")


async def test_sessions_of_an_ordinary_user() -> None:
    told = await _told()
    assert told["own"].split("\n") == [ordinary.SECRET, str(_uid()), ""]
    assert ordinary.SECRET not in told["files"]
    assert told["files"].count("No such file") == 2
    assert "No such file" in told["sockets"]
    assert "pulseaudio" in told["processes"]
    assert "ordinary" not in told["processes"], "the service itself is seen"
    assert "Operation not permitted" in told["routes"]
    assert told["many"].strip() == told["more"].strip() == "ok", "they share one limit"
    assert "ok" not in told["too many"]
    assert "/usr/lib/chromium/chromium" in told["browser"]
    assert "--no-sandbox" not in told["browser"]


async def _told() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as directory:
        os.chown(directory, _uid(), _uid())
        program = [sys.executable, "-m", ordinary.__name__, directory]
        if os.geteuid() == 0:
            program = ["unshare", "--mount", "sh", "-ec", "\n".join(_as_somebody(program))]
        else:
            namespaces_are_needed()
        running = await asyncio.create_subprocess_exec(
            *program, cwd=_ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        said, complaint = await running.communicate()
        assert running.returncode == 0, complaint.decode()[-2000:]
        told: dict[str, str] = json.loads(said)
        return told


def _uid() -> int:
    return UID if os.geteuid() == 0 else os.getuid()


def _as_somebody(program: list[str]) -> Iterator[str]:
    """A shell's lines: as on a machine where everybody may read what is installed, and open
    /dev/net/tun, as Debian has it.
    """
    yield f"mount -t tmpfs none {_TUN.parent} && mknod -m 666 {_TUN} c 10 200"
    yield "mount -t tmpfs none /mnt"
    needed = [Path(sys.base_prefix), Path(sys.prefix), _ROOT]
    for closed in {one for path in needed if (one := _closed_above(path))}:
        inside = [path for path in needed if path.is_relative_to(closed)]
        for number, path in enumerate(inside):
            yield f"mkdir -p /mnt/{number} && mount --bind {path} /mnt/{number}"
        yield f"mount -t tmpfs -o mode=755 none {closed}"
        for number, path in enumerate(inside):
            yield f"mkdir -p {path} && mount --bind /mnt/{number} {path}"
    become = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "--no-new-privs"]
    yield f"exec {join([*become, *program])}"


def _closed_above(path: Path) -> Path | None:
    return next((one for one in reversed(path.parents) if not one.stat().st_mode & 0o001), None)
