"""How a worker process comes to be: forked off a server that has the heavy modules loaded."""

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from uuid import UUID

from bridge.logs import pass_on, redact
from bridge.scope import uninterrupted
from bridge.settings import Settings
from bridge.workers.ipc import wire
from bridge.workers.media.media_stack import OpenMediaStack
from bridge.workers.process.entry import WorkerOrder, main

log = logging.getLogger(__name__)

_TAIL, _CHUNK = 20, 1 << 16


class WorkerProcess:
    """A process that was started; known by a descriptor: its number may soon be another one's."""

    def __init__(
        self,
        child: multiprocessing.process.BaseProcess,
        link: wire.WorkerLink,
        errors: "Errors",
    ) -> None:
        assert child.pid is not None, "it was started"
        self.pid = child.pid
        self.link = link
        self.ended = asyncio.Event()
        self._child = child
        self._errors = errors
        try:
            self._descriptor: int | None = os.pidfd_open(self.pid)
        except ProcessLookupError:  # gone already
            self._descriptor = None
            self.ended.set()
        else:
            asyncio.get_running_loop().add_reader(self._descriptor, self._note_end)

    def kill(self) -> None:
        if self._descriptor is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    async def buried(self) -> str:
        """How it ended: its exit code or signal, and what it said last, in one line."""
        await self.ended.wait()
        last = await self._errors.last_words()
        await self.link.close()
        await asyncio.to_thread(self._child.join, 1)
        code = self._child.exitcode
        if code is None:
            how = "unknown"
        else:
            how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        with suppress(ValueError):
            self._child.close()
        return f"{how}: {last}" if last else how

    def _note_end(self) -> None:
        assert self._descriptor is not None
        asyncio.get_running_loop().remove_reader(self._descriptor)
        os.close(self._descriptor)
        self._descriptor = None
        self.ended.set()


class Errors:
    """What a worker prints: its log is passed on, of everything else the end is remembered."""

    def __init__(self, pipe: Connection, name: str) -> None:
        self._pipe = pipe
        self._name = name
        self._rest = b""
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._ended = asyncio.Event()
        os.set_blocking(pipe.fileno(), False)
        asyncio.get_running_loop().add_reader(pipe.fileno(), self._read)

    async def last_words(self) -> str:
        """One line, once it is silent. What C said when it gave up says more than what followed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(1):  # a child of its own may still hold the pipe
                await self._ended.wait()
        self._close()
        assertion = (line for line in self._tail if "Assertion" in line)
        return next(assertion, self._tail[-1] if self._tail else "")

    def _read(self) -> None:
        try:
            chunk = os.read(self._pipe.fileno(), _CHUNK)
        except BlockingIOError:
            return
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk or len(self._rest) > _CHUNK:
            lines.append(self._rest)
            self._rest = b""
        for line in lines:
            text = line.decode(errors="replace")
            if text and not pass_on(text, self._name):
                self._tail.append(redact(text))
        if not chunk:
            self._close()

    def _close(self) -> None:
        if not self._pipe.closed:
            asyncio.get_running_loop().remove_reader(self._pipe.fileno())
            self._pipe.close()
            self._ended.set()


class Spawner:
    """Starts workers, one after the other. `sessions` gives a worker's end of its user's line to
    the keeper of client programs' sessions.
    """

    def __init__(
        self,
        settings: Settings,
        open_media_stack: OpenMediaStack,
        sessions: Callable[[UUID], Awaitable[socket.socket]],
    ) -> None:
        self._settings = settings.of_worker()
        self._open_studio = open_media_stack
        self._sessions = sessions
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["bridge.workers.process.preload"])
        self._turn = asyncio.Lock()

    async def spawn(self, user: UUID, owner: str) -> WorkerProcess:
        """Returns once it runs, which is not yet once it serves."""
        async with self._turn:
            return await uninterrupted(self._spawn(user, owner))

    async def _spawn(self, user: UUID, owner: str) -> WorkerProcess:
        sessions = await self._sessions(user)
        ours, theirs = socket.socketpair()
        reading, writing = self._context.Pipe(duplex=False)
        order = WorkerOrder(user, self._settings, self._open_studio, sessions)
        child = self._context.Process(target=main, args=(order, theirs, writing), daemon=True)
        with theirs, writing, sessions:
            await asyncio.to_thread(child.start)
        return WorkerProcess(child, await wire.WorkerLink.over(ours), Errors(reading, "worker"))
