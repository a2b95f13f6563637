"""What all peers share: free ports, starting a program, waiting for a condition, its last words."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from itertools import cycle, islice, product
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, SOCK_STREAM
from typing import Any


class PeerFailed(AssertionError):
    """A peer did not start, ended early, or did not do in time what was waited for."""


_TOGETHER = 4
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % _TOGETHER
_PORTS = range(10000 + 4 * _worker, 20000, 4 * _TOGETHER)
"""Of their own for each of so many test runs at a time (pytest-xdist). Below the ports that the
kernel gives to connections (Linux: 32768 up) and those for sound: what is free there stays free
until its program has started. Some programs take the next ones too.
"""
_draw = cycle(random.sample(_PORTS, len(_PORTS)))


def free_port(host: str = "127.0.0.1") -> int:
    """A port that is free on `host` for UDP and for TCP, and so is the next (SIP's TLS); none is
    given twice for long: its program may not have started yet.
    """
    for port in islice(_draw, 100):
        with ExitStack() as held, suppress(OSError):
            for number, kind in product((port, port + 1), (SOCK_STREAM, SOCK_DGRAM)):
                held.enter_context(socket.socket(AF_INET, kind)).bind((host, number))
            return port
    raise PeerFailed(f"no port of {host} is free for both UDP and TCP")


def program_path(name: str, *more: str) -> str:
    """Where `name` is: on PATH, in the administrator's directories, or in one of `more`."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", *more])
    found = shutil.which(name, path=places)
    if found is None:
        raise PeerFailed(f"{name} is not installed: setup/debian-packages.txt names its package")
    return found


async def until(
    check: Callable[[], Any],
    what: str,
    timeout: float = 10.0,
    every: float = 0.02,
) -> Any:
    """Ask `check` (a function or a coroutine function) until its answer is true, and return that;
    `timeout` and `every` in seconds."""
    deadline = time.monotonic() + timeout
    while True:
        answer = check()
        if isinstance(answer, Awaitable):
            answer = await answer
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise PeerFailed(f"waited {timeout:g} s in vain for: {what}")
        await asyncio.sleep(every)


async def so_long_after(moment: float, seconds: float, what: str) -> None:
    """Wait until `what`, because `seconds` have passed since `moment` (by time.monotonic())."""
    await until(lambda: time.monotonic() - moment > seconds, what, seconds + 1)


class Program:
    """A foreign program in a process group of its own, with all it says in one log file."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self.directory = directory
        self.log = directory / f"{name}.log"
        self.directory.mkdir(parents=True, exist_ok=True)
        self._running: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The id of the running program."""
        if self._running is None:
            raise PeerFailed(f"{self.name} was not started")
        return self._running.pid

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.returncode is None

    @property
    def exit_code(self) -> int | None:
        return None if self._running is None else self._running.returncode

    async def spawn(self, *command: str, env: dict[str, str] | None = None) -> None:
        """Start it with its directory as the current one; its log is continued, never cut."""
        with self.log.open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                *command,
                cwd=self.directory,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=env,
                start_new_session=True,  # so that its children can be ended with it, and no others
            )

    async def until(
        self,
        check: Callable[[], Any],
        what: str,
        timeout: float = 10.0,
        every: float = 0.02,
    ) -> Any:
        """Like `until`, but gives up at once when the program ends, and shows its last words."""

        def guarded() -> Any:
            if not self.alive:
                raise PeerFailed(f"it ended with {self.exit_code} before: {what}")
            return check()

        try:
            return await until(guarded, what, timeout, every)
        except PeerFailed as failure:
            raise self.failure(str(failure)) from None

    def failure(self, why: str) -> PeerFailed:
        """An error that names the program and carries the end of its log."""
        return PeerFailed(f"{self.name}: {why}\n--- the end of {self.log}\n{self.last_words()}")

    def last_words(self, lines: int = 25) -> str:
        if not self.log.exists():
            return "(it said nothing)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    async def ended(self, timeout: float = 10.0) -> int:
        """Wait until it ends by itself; its exit code."""
        if self._running is None:
            raise PeerFailed(f"{self.name} was not started")
        try:
            return await asyncio.wait_for(self._running.wait(), timeout)
        except TimeoutError:
            raise self.failure(f"still running after {timeout:g} s") from None

    async def end(self, patience: float = 3.0) -> None:
        """Ask it to end; after `patience` seconds kill it and its children.  Twice is harmless."""
        if self._running is None:
            return
        if self._running.returncode is None:
            self._running.terminate()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._running.wait(), patience)
        await self.kill()

    async def kill(self) -> None:
        """SIGKILL for it and its children: the power cut."""
        if self._running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        await self._running.wait()
        self._running = None
