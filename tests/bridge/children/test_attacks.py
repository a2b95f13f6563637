"""Every child there is, taken over by a stranger."""

import json
import os
import socket
import sys
import tempfile
from asyncio import create_subprocess_exec, subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bridge.children.kinds import KINDS, ChildKind
from bridge.children.launch import answer
from tests.bridge.children import attacker, attacks

# none of them costs whoever tries it unwalled anything, but not everybody may: the control runs
# as the tests do, in containers with fewer rights than a house has
MAY_FAIL_UNWALLED = {
    "reads: the passwords here",
    "connects: to the wire",
    "connects: to the kernel's ciphers",
    "runs: its own namespace",
    "runs: its own mounts",
    "takes: to be root",
    "takes: to be root's group",
    "takes: another's priority",
    "takes: the keys of the kernel",
}


@pytest.fixture
def targets() -> Iterator[attacks.Targets]:
    """A house with something to take; we are its process."""
    with ExitStack() as held:
        house = Path(held.enter_context(tempfile.TemporaryDirectory()))
        other_user = house / "users/2"
        other_user.mkdir(parents=True)
        for name in ("seal.key", "database.sqlite", ".env", "users/2/message.wav"):
            (house / name).write_text("secret")
        lines = {}
        for name, family, kind, where in (
            ("tcp", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
            ("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            ("path", socket.AF_UNIX, socket.SOCK_STREAM, str(house / "desk.sock")),
            ("abstract", socket.AF_UNIX, socket.SOCK_STREAM, f"\0desk-{os.getpid()}"),
        ):
            line = lines[name] = held.enter_context(socket.socket(family, kind))
            line.bind(where)
            if kind == socket.SOCK_STREAM:
                line.listen(16)
        yield attacks.Targets(
            key=str(house / "seal.key"),
            database=str(house / "database.sqlite"),
            settings=str(house / ".env"),
            other_user=str(other_user),
            house=os.getpid(),
            tcp=lines["tcp"].getsockname()[1],
            udp=lines["udp"].getsockname()[1],
            path=str(house / "desk.sock"),
            abstract=f"desk-{os.getpid()}",
        )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.module)
async def test_nothing_goes_through(kind: ChildKind, targets: attacks.Targets) -> None:
    outcomes = await attacked(kind, targets)
    assert outcomes.pop("every other system call") == []
    assert not [name for name, held in outcomes.items() if not held]
    assert len(outcomes) >= len(attacks.ATTACKS)


async def test_without_walls_all_of_it_does(targets: attacks.Targets) -> None:
    control = await create_subprocess_exec(
        *(sys.executable, "-m", attacker.__name__, targets.packed()), stdout=subprocess.PIPE
    )
    assert control.stdout
    outcomes = json.loads(await control.stdout.read())
    await control.wait()
    held = {name for name, why in outcomes.items() if why}
    assert held <= MAY_FAIL_UNWALLED


async def attacked(kind: ChildKind, targets: attacks.Targets) -> dict[str, object]:
    taken = replace(kind, module=attacker.__name__)
    arguments = (kind.module, targets.packed(), str(kind.memory or 0))
    told: dict[str, object] = json.loads(await answer(taken, *arguments, within=60))
    return told
