"""What every child has in common, tried with children of the tests."""

import os
from pathlib import Path

import pytest

from bridge.children.launch import Child, answer
from tests.peers.programs import until

ECHO = """
import os
from bridge.children import confine

with confine.enter() as end, end.makefile("rwb") as stream:
    said = stream.read()
    stream.write(said + b"|" + ",".join(sorted(os.environ)).encode())
    stream.write(b"|%d" % len(os.listdir("/proc/self/fd")))
"""
LISTENER = """
from bridge.children import confine

with confine.enter() as end:
    while end.recv(100):
        pass
"""
DEAF = """
import time
from bridge.children import confine

with confine.enter():
    time.sleep(1000)
"""


@pytest.fixture(autouse=True)
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("echo", ECHO), ("listener", LISTENER), ("deaf", DEAF)):
        (tmp_path / f"child_{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


async def test_it_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUNK_PASSWORD", "trunk-secret")
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)
    said, names, descriptors = (await answer("child_echo", asked=b"hello", within=30)).split(b"|")
    os.close(reading)
    os.close(writing)
    assert said == b"hello"
    assert b"TRUNK_PASSWORD" not in names and b"PYTHONPATH" in names
    # the three of every program, the pair's, and that by which it looks
    assert int(descriptors) == 5


async def test_one_that_does_not_answer_is_ended() -> None:
    with pytest.raises(TimeoutError):
        await answer("child_deaf", within=0.5)


async def test_one_that_cannot_begin_says_nothing() -> None:
    assert await answer("child_of_nobody", asked=b"x" * 1_000_000, within=30) == b""


async def test_it_goes_when_we_do() -> None:
    child = Child("child_listener")
    child.socket.close()
    await until(lambda: child.gone, "the child to go")
    await child.end()


async def test_nothing_is_left_of_it() -> None:
    child = Child("child_listener")
    await child.streams()
    await child.end()
    assert child.gone
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)
