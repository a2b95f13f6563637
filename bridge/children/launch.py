"""A child: a module of ours in a process of its own, at the other end of a pair of sockets.

It gets no descriptors but that one and those of files that are handed over, and of the environment
only what is harmless. What it says on standard error is thrown away: what a stranger wrote does not
belong in a log.
"""

import asyncio
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from bridge.children.kinds import ChildKind

_ROOT = Path(__file__).parents[2]
_HARMLESS = ("LANG", "LC_ALL", "LD_LIBRARY_PATH")
_BUFFERED = 1 << 16

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Child:
    """A process of `kind`, from now on until `end`; it goes when we do. `files` are descriptors
    that it gets, too, under the same numbers. `socket` is our end, of the type `of`.
    """

    def __init__(
        self,
        kind: ChildKind,
        *arguments: str,
        files: Sequence[int] = (),
        of: socket.SocketKind = socket.SOCK_STREAM,
    ) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, of)
        self._streams: Streams | None = None
        self._seconds = kind.seconds
        program = [sys.executable, "-P", "-m", "bridge.children"]
        with theirs:
            told = (kind.packed(), str(os.getpid()), str(theirs.fileno()), *arguments)
            # not asyncio's: this takes 2 ms, and cannot be cancelled half-way
            self._process = subprocess.Popen(
                [*program, *told],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(), *files),
                env=_surroundings(),
                cwd="/",
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        return self._process.poll() is not None

    @property
    def exit_code(self) -> int | None:
        """Minus the signal that ended it; None while it runs."""
        return self._process.poll()

    async def streams(self, longest_line: int = _BUFFERED) -> Streams:
        """Our end, from the first time on; `longest_line` is in bytes."""
        if self._streams is None:
            self._streams = await asyncio.open_unix_connection(sock=self.socket, limit=longest_line)
        return self._streams

    def renew_time(self, more: int = 0) -> None:
        """All of its processor time again, from now on, and some `more` seconds."""
        with suppress(OSError, psutil.Error):  # it is going
            used = psutil.Process(self.pid).cpu_times()
            _, most = resource.prlimit(self.pid, resource.RLIMIT_CPU)
            if most != resource.RLIM_INFINITY:  # else it has not come to its walls yet
                soft = min(int(used.user + used.system) + self._seconds + more, most)
                resource.prlimit(self.pid, resource.RLIMIT_CPU, (soft, most))

    def kill(self) -> None:
        """What is left of it is cleared away by `end`."""
        self._process.kill()

    async def end(self) -> None:
        """Returns when nothing is left of it."""
        (self.socket if self._streams is None else self._streams[1]).close()
        self.kill()
        await asyncio.to_thread(self._process.wait)


async def answer(
    kind: ChildKind,
    *arguments: str,
    asked: bytes = b"",
    files: Sequence[int] = (),
    within: float,
) -> bytes:
    """All that a child says, to `asked`, before it ends by itself. TimeoutError."""
    child = Child(kind, *arguments, files=files)
    try:
        async with asyncio.timeout(within):
            reader, writer = await child.streams()
            writer.write(asked)
            writer.write_eof()
            return await reader.read()
    except ConnectionError:  # it ended before it had heard all
        return b""
    finally:
        await child.end()


def _surroundings() -> dict[str, str]:
    """Where it finds this package, wherever we were started; none of the house's settings."""
    kept = {name: os.environ[name] for name in _HARMLESS if name in os.environ}
    paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", "")))
    # a thread for each core would reserve more memory than it may have
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
