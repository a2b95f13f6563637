"""A child: a module of ours in a process of its own, at the other end of a pair of sockets.

It gets no descriptor but that one, and of the environment only what is harmless. What it says on
standard error is thrown away: what a stranger wrote does not belong in a log.
"""

import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_HARMLESS = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")
_BUFFERED = 1 << 16

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Child:
    """`python -m MODULE DESCRIPTOR ARGUMENTS`, from now on until `end`; it goes when we do.
    `socket` is our end, of the type `kind`.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        kind: socket.SocketKind = socket.SOCK_STREAM,
    ) -> None:
        self.socket, theirs = socket.socketpair(socket.AF_UNIX, kind)
        self._streams: Streams | None = None
        with theirs:
            # not asyncio's: this takes 2 ms, and cannot be cancelled half-way
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, str(theirs.fileno()), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=_surroundings(),
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def gone(self) -> bool:
        return self._process.poll() is not None

    async def streams(self, longest_line: int = _BUFFERED) -> Streams:
        """Our end, from the first time on; `longest_line` is in bytes."""
        if self._streams is None:
            self._streams = await asyncio.open_unix_connection(sock=self.socket, limit=longest_line)
        return self._streams

    def kill(self) -> None:
        """What is left of it is cleared away by `end`."""
        self._process.kill()

    async def end(self) -> None:
        """Returns when nothing is left of it."""
        (self.socket if self._streams is None else self._streams[1]).close()
        self.kill()
        await asyncio.to_thread(self._process.wait)


async def answer(module: str, *arguments: str, asked: bytes = b"", within: float) -> bytes:
    """All that a child says, to `asked`, before it ends by itself. TimeoutError."""
    child = Child(module, *arguments)
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
