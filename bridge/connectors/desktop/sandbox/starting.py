"""A session's first process: behind its walls, and waiting there until its way out is made."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bridge.connectors.desktop.sandbox.folder import Folder
from bridge.connectors.desktop.sandbox.limits import SessionLimits
from bridge.connectors.desktop.sandbox.network import told
from bridge.connectors.desktop.sandbox.walls import Fds, Needs, bubblewrap, walls
from bridge.scope import uninterrupted

_CHILD_WITHIN = 10.0


@dataclass
class Begun:
    """`agent` is bubblewrap, and what it becomes."""

    agent: asyncio.subprocess.Process
    tells: socket.socket
    waits: socket.socket
    _inside: int | None = None
    """A file descriptor of the first process inside (pidfd_open(2))."""

    async def child(self) -> int | None:
        """The pid of the first process inside; None when it came to nothing."""
        said = await told(self.tells, b"}", _CHILD_WITHIN)
        if not said:
            return None
        child = int(json.loads(said)["child-pid"])
        with suppress(ProcessLookupError):
            self._inside = os.pidfd_open(child)
        return child

    async def gone(self) -> None:
        """The first process inside ends last: its namespace waits for all others."""
        await self.agent.wait()
        if self._inside is not None:
            loop, ended = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(self._inside, ended.set)
            await ended.wait()
            loop.remove_reader(self._inside)
            os.close(self._inside)

    def go(self) -> None:
        """Now it becomes the agent."""
        with suppress(OSError):  # it is dead already, and whoever waits for it hears so
            self.waits.send(b"1")


@asynccontextmanager
async def begun(
    folder: Folder,
    needs: Needs,
    limits: SessionLimits,
    agent: str,
    ends: tuple[socket.socket, socket.socket],
    shown: tuple[Path, ...],
) -> AsyncIterator[Begun]:
    """While it lasts; then nothing of it is left. `ends` are the agent's, of control and sound."""
    tells, waits = socket.socketpair(), socket.socketpair()
    with tells[0], waits[0]:
        with tells[1], waits[1], _in_memory(walls(folder, limits, shown)) as words:
            fds = Fds(words.fileno(), tells[1].fileno(), waits[1].fileno())
            control, sound = (end.fileno() for end in ends)
            process = await asyncio.create_subprocess_exec(
                *bubblewrap(limits, folder, fds),
                *(sys.executable, "-m", agent, "--control", str(control), "--sound", str(sound)),
                *needs.flags,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                pass_fds=(*fds, control, sound),
                start_new_session=True,
            )
        started = Begun(process, tells[0], waits[0])
        try:
            yield started
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await uninterrupted(started.gone())


@contextmanager
def _in_memory(content: bytes) -> Iterator[BinaryIO]:
    with os.fdopen(os.memfd_create("walls"), "w+b") as file:
        file.write(content)
        file.seek(0)
        yield file
