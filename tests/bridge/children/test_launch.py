"""What every child has in common, tried with children of the tests."""

import asyncio
import os
import shutil
import signal
import tempfile
from pathlib import Path

import psutil
import pytest

from bridge.children import confine
from bridge.children.kinds import ChildKind
from bridge.children.launch import Child, answer
from tests.peers.programs import until

ECHO = """
import os

opened = len(os.listdir("/proc/self/fd"))


def main(end):
    with end.makefile("rwb") as stream:
        stream.write(stream.read() + b"|" + ",".join(sorted(os.environ)).encode())
        stream.write(b"|%d" % opened)
"""
LISTENER = """
def main(end):
    while end.recv(100):
        pass
"""
DEAF = """
import time


def main(end):
    time.sleep(1000)
"""
SPINNING = """
def main(end):
    end.send(b".")
    while True:
        pass
"""
WRITER = """
import os


def main(end, file):
    os.pwrite(int(file), b"x" * 1000, 0)
    try:
        while os.write(int(file), b"x" * 1000):
            pass
    except OSError as why:
        end.sendall(type(why).__name__.encode())
"""
THREADED = """
import threading
import time

threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()


def main(end):
    end.sendall(b"walled in")
"""
WHO = """
import os


def main(end):
    end.sendall(f"{os.getuid()} {os.getgid()} {os.getgroups()}".encode())
    while end.recv(100):
        pass
"""
ASKS_WHO = """
import asyncio
import os
import signal
from bridge.children.kinds import ChildKind
from bridge.children.launch import Child


async def ask():
    child = Child(ChildKind("child_who"))
    reader, _ = await child.streams()
    print((await reader.read(100)).decode(), child.pid, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


asyncio.run(ask())
"""
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (
        *(("echo", ECHO), ("listener", LISTENER), ("deaf", DEAF), ("spinning", SPINNING)),
        *(("writer", WRITER), ("threaded", THREADED)),
    ):
        (tmp_path / f"child_{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


async def test_it_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNK_PASSWORD", "trunk-secret")
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    said, names, descriptors = (
        await answer(ChildKind("child_echo"), asked=b"hello", within=30)
    ).split(b"|")
    os.close(reading)
    os.close(writing)
    assert said == b"hello"
    assert b"TRUNK_PASSWORD" not in names and b"PYTHONPATH" in names
    # the three of every program, the pair's, and that by which it looks
    assert int(descriptors) == 5


async def test_one_that_does_not_answer_is_ended() -> None:
    with pytest.raises(TimeoutError):
        await answer(ChildKind("child_deaf"), within=0.5)


async def test_one_that_cannot_begin_says_nothing() -> None:
    assert await answer(ChildKind("child_of_nobody"), asked=b"x" * 1_000_000, within=30) == b""


async def test_it_goes_when_we_do() -> None:
    child = Child(ChildKind("child_listener"))
    child.socket.close()
    await until(lambda: child.gone, "the child to go")
    await child.end()


async def test_nothing_is_left_of_it() -> None:
    child = Child(ChildKind("child_listener"))
    await child.streams()
    await child.end()
    assert child.gone
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


async def test_one_that_makes_nothing_of_its_time_is_ended() -> None:
    child = Child(ChildKind("child_spinning", seconds=1))
    reader, _ = await child.streams()
    assert await reader.read(1) == b"."
    await until(lambda: child.gone, "its second to be over")
    assert child.exit_code == -signal.SIGXCPU
    await child.end()


async def test_time_is_given_again() -> None:
    child = Child(ChildKind("child_spinning", seconds=1))
    reader, _ = await child.streams()
    assert await reader.read(1) == b"."
    child.renew_time(1)
    spent = psutil.Process(child.pid)
    await until(lambda: child.gone or spent.cpu_times().user > 1.3, "more than its second")
    assert not child.gone
    await child.end()


async def test_a_file_that_is_handed_over_grows_no_further(tmp_path: Path) -> None:
    """Neither the disk is filled, nor is it ended by a signal."""
    with (tmp_path / "target").open("wb") as file:
        kind = ChildKind("child_writer", writes=100_000)
        files = [file.fileno()]
        assert await answer(kind, str(files[0]), files=files, within=30) == b"OSError"
    assert (tmp_path / "target").stat().st_size == 100_000


async def test_what_begins_a_thread_before_its_walls_does_not_begin() -> None:
    assert await answer(ChildKind("child_threaded"), within=30) == b""


def for_all_to_read(folder: Path) -> None:
    folder.chmod(0o755)
    for package in (ROOT / "bridge", Path(psutil.__file__).parent):
        shutil.copytree(package, folder / package.name)
    (folder / "child_who.py").write_text(WHO)


async def test_it_is_somebody_else_where_that_can_be() -> None:
    """With the system's interpreter, which everybody can read, and a copy of our code."""
    if os.geteuid():
        pytest.skip("only root can be somebody else")
    with tempfile.TemporaryDirectory() as folder:
        for_all_to_read(Path(folder))
        parent = await asyncio.create_subprocess_exec(
            *("/usr/bin/python3", "-c", ASKS_WHO),
            env={"PYTHONPATH": folder},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await parent.communicate()
        *who, pid = said.decode().split()
        assert who == [str(confine.OWN), str(confine.OWN), "[]"]
        await until(lambda: not psutil.pid_exists(int(pid)), "it to go with its parent")
