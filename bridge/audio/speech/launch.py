"""The worker's side of a recognizer's process: how it is started, asked and ended."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bridge.audio.speech import wire

_ROOT = Path(__file__).parents[3]
_HARMLESS = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


class Gone(Exception):
    """The process has ended, or says what cannot be understood."""


class EngineUseless(Gone):
    """Its engine cannot be loaded."""


class SpeechChild:
    """A process with an engine, from now on until `end`. One asks at a time."""

    def __init__(self, *arguments: str) -> None:
        self._end, theirs = socket.socketpair()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._tag = 0
        self._loaded = False
        self._coming: tuple[int, int] | None = None
        descriptor = str(theirs.fileno())
        with theirs:
            # not asyncio's: this takes 2 ms, and cannot be cancelled half-way
            self._child = subprocess.Popen(
                [sys.executable, "-m", __package__, descriptor, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env=_surroundings(),
            )

    @property
    def pid(self) -> int:
        return self._child.pid

    async def load(self) -> None:
        """Returns once it can be asked. Gone, Useless."""
        if self._loaded:
            return
        if self._streams is None:
            self._streams = await asyncio.open_unix_connection(sock=self._end)
        message = await self._hear()
        if isinstance(message, wire.Useless):
            raise EngineUseless(message.why)
        self._loaded = True

    async def ask(self, question: Callable[[int], wire.Question]) -> wire.Message:
        """The answer to what `question` makes of a tag; those to earlier ones, for which nobody
        waits any more, are passed over. Gone.
        """
        assert self._streams is not None, "it was loaded"
        self._tag += 1
        self._streams[1].write(wire.pack(question(self._tag)))
        while (answer := await self._hear()).tag != self._tag:
            pass
        return answer

    async def end(self) -> None:
        """Returns when nothing is left of it."""
        if self._streams is None:
            self._end.close()
        else:
            self._streams[1].close()
        self._child.kill()
        await asyncio.to_thread(self._child.wait)

    async def _hear(self) -> wire.Message:
        assert self._streams is not None, "it is being loaded"
        reader = self._streams[0]
        try:
            # who waits may leave between the two; the next one goes on there
            if self._coming is None:
                self._coming = wire.lengths(await reader.readexactly(wire.HEAD.size))
            text, sound = self._coming
            body = await reader.readexactly(text + sound)
            self._coming = None
            return wire.unpack(body[:text], body[text:])
        except (OSError, EOFError, ValueError) as why:
            raise Gone(f"{type(why).__name__}") from why


def _surroundings() -> dict[str, str]:
    """Its environment: where it finds this package, wherever we were started; none of the house's
    settings.
    """
    kept = {name: os.environ[name] for name in _HARMLESS if name in os.environ}
    paths = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH", "")))
    # a thread for each core would reserve more memory than it may have
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
