"""A session that takes too much of the machine is ended, and it is said why."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from bridge.connectors.desktop.protocol.link import AgentLink
from bridge.connectors.desktop.protocol.requests import Start
from bridge.connectors.desktop.sandbox import processes
from bridge.connectors.desktop.sandbox.folder import Folders
from bridge.connectors.desktop.sandbox.limits import Consumption, SessionLimits
from bridge.connectors.desktop.sandbox.opening import Sandbox
from bridge.connectors.desktop.sandbox.walls import Needs
from bridge.errors import NetworkDown, SetupFault
from tests.bridge.connectors.desktop.uids import own_uids
from tests.peers.programs import until

pytestmark = pytest.mark.real

MEMORY = 256 << 20
TAKES = "import mmap, time; it = {}; time.sleep(99)"
ITS_OWN = TAKES.format("bytearray(b'x') * (400 << 20)")
SHARED = TAKES.format("mmap.mmap(-1, 400 << 20); it.write(bytes(400 << 20))")


@asynccontextmanager
async def session(directory: Path, limits: SessionLimits) -> AsyncIterator[AgentLink]:
    folders = Folders(directory, own_uids())
    folder = folders.claim()
    try:
        async with Sandbox(limits, way=None).opened(folder, Needs()) as link:
            yield link
    finally:
        await asyncio.to_thread(folders.remove, folder)


@pytest.mark.parametrize("takes", [ITS_OWN, SHARED], ids=["its own", "shared"])
async def test_memory(tmp_path: Path, takes: str) -> None:
    async with session(tmp_path, SessionLimits(memory=MEMORY)) as link:
        await link.ask(Start(argv=(sys.executable, "-c", takes)))
        with pytest.raises(NetworkDown, match="desktop_memory") as ended:
            async with asyncio.timeout(30):
                async for _ in link.told():
                    pass
    assert int(ended.value.facts["mb"]) > MEMORY >> 20


async def test_processor_time() -> None:
    """Of a minute on end: a moment of work is none of its business."""
    busy = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])"),
        *(sys.executable, "-c", "while True: pass"),
        start_new_session=True,
    )
    consumption = Consumption(busy.pid, SessionLimits(cores=0.0))
    looks = 0

    def is_too_much() -> bool:
        nonlocal looks
        looks += 1
        try:
            consumption.look()
        except NetworkDown as why:
            return why.code == "desktop_busy"
        return False

    try:
        await until(is_too_much, "it to be found too busy", 30, every=0.2)
    finally:
        os.killpg(busy.pid, signal.SIGKILL)
        await busy.wait()
    assert looks >= 12


def test_all_that_descends_is_found() -> None:
    """Also what a thread has started, and what its child has."""
    tree = (
        "import subprocess, sys, threading, time\n"
        "threading.Thread(target=subprocess.run, args=(['sleep', '60'],)).start()\n"
        "subprocess.run(['sh', '-c', 'sleep 60; true'])"
    )
    with subprocess.Popen([sys.executable, "-c", tree], start_new_session=True) as first:
        try:
            while len(list(processes.descendants(first.pid))) < 3:
                assert first.poll() is None
            by_psutil = psutil.Process(first.pid).children(recursive=True)
            assert set(processes.descendants(first.pid)) == {one.pid for one in by_psutil}
            assert first.pid in processes.descendants(os.getpid())
        finally:
            os.killpg(first.pid, signal.SIGKILL)


async def test_what_cannot_begin_says_why(tmp_path: Path) -> None:
    folders = Folders(tmp_path, own_uids())
    folder = folders.claim()
    walls = Sandbox(shown=(tmp_path / "nowhere",))
    with pytest.raises(SetupFault, match="desktop_no_session") as fault:
        async with walls.opened(folder, Needs()):
            raise AssertionError("it has begun")
    assert "nowhere" in fault.value.facts["why"]


async def test_what_the_last_session_left_is_in_nobodys_way(tmp_path: Path) -> None:
    """Not even folders in each other, deeper than a program may recurse."""
    folders = Folders(tmp_path, own_uids())
    folder = folders.claim()
    deep = folder.run
    for _ in range(2):
        deep = deep / "/".join(["in"] * 600)
        deep.mkdir(parents=True)
    async with Sandbox(way=None).opened(folder, Needs()):
        assert not (folder.run / "in").exists()
    await asyncio.to_thread(folders.remove, folder)
