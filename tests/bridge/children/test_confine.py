"""What a decoder cannot do: each is tried in a child of its own."""

import subprocess
import sys

import pytest

TRIES = {
    "open a socket": "import socket; socket.socket()",
    "run a program": "import os; os.execv('/bin/true', ['true'])",
    "take all memory": "bytearray(1 << 30)",
}


def tried(confined: str, deed: str) -> subprocess.CompletedProcess[str]:
    code = f"from bridge.children import confine\n{confined}\n{deed}\nprint('done')"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=90, check=False
    )


@pytest.mark.parametrize("deed", TRIES)
def test_a_decoder_of_files_cannot(deed: str) -> None:
    child = tried("confine.limit_memory(); confine.forbid(network=True)", TRIES[deed])
    assert child.returncode == 1
    assert "PermissionError" in child.stderr or "MemoryError" in child.stderr


@pytest.mark.parametrize("deed", TRIES)
def test_anybody_else_can(deed: str) -> None:
    assert tried("", TRIES[deed]).returncode == 0


def test_a_decoder_of_stations_has_the_network_but_no_programs() -> None:
    assert tried("confine.forbid(network=False)", TRIES["open a socket"]).returncode == 0
    assert tried("confine.forbid(network=False)", TRIES["run a program"]).returncode == 1


def test_time_that_nothing_comes_of_ends() -> None:
    child = tried("confine.TIME = 1; confine.renew_time()", "while True: pass")
    assert child.returncode < 0
