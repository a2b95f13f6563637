"""What systemd hears, at a socket like its own."""

import asyncio
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bridge.notify import READY, STOPPING, keep_alive, notify, watchdog_interval


@pytest.fixture(params=["file", "abstract"])
def systemd(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[socket.socket]:
    name = f"@skype2sip-test-{os.getpid()}" if request.param == "abstract" else f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(name.replace("@", "\0"))
        heard.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        yield heard


def test_facts_arrive_in_one_datagram(systemd: socket.socket) -> None:
    notify(READY, STOPPING)
    assert systemd.recv(100) == b"READY=1\nSTOPPING=1"


def test_without_systemd_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify(READY)


@pytest.mark.parametrize(
    ("pid", "microseconds", "interval"),
    [("", "", None), ("", "30000000", 15), ("1", "30000000", None), ("ours", "30000000", 15)],
)
def test_how_often_it_wants_a_sign_of_life(
    monkeypatch: pytest.MonkeyPatch, pid: str, microseconds: str, interval: float | None
) -> None:
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if pid == "ours" else pid)
    monkeypatch.setenv("WATCHDOG_USEC", microseconds)
    assert watchdog_interval() == interval


async def test_signs_of_life_go_on(systemd: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WATCHDOG_PID", raising=False)
    monkeypatch.setenv("WATCHDOG_USEC", "20000")
    living = asyncio.create_task(keep_alive())
    for _ in range(3):
        async with asyncio.timeout(5):
            assert await asyncio.get_running_loop().sock_recv(systemd, 100) == b"WATCHDOG=1"
    living.cancel()
    with suppress(asyncio.CancelledError):
        await living
