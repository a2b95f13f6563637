"""A child that is there while it is needed."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bridge.audio.speech import wire
from bridge.audio.speech.launch import EngineUseless, Gone, SpeechChild

log = logging.getLogger(__name__)


class KeptChild:
    """Started (with `arguments`) when it is first asked or warmed, ended when nobody has asked for
    `idle_seconds`, and replaced when it crashed or hung. One is asked after the other.
    """

    def __init__(self, *arguments: str, idle_seconds: float) -> None:
        self.idle_seconds = idle_seconds
        self.load_within = 60.0
        self.useless = False
        """It cannot be loaded; it is not tried again."""
        self._arguments = arguments
        self._child: SpeechChild | None = None
        self._turn = asyncio.Lock()
        self._loading: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """While there is one."""
        return None if self._child is None else self._child.pid

    async def warm(self) -> None:
        """Returns once it can be asked, or failed."""
        try:
            async with self._turn:
                await self._up()
        finally:
            self._rest()

    async def ask(self, question: Callable[[int], wire.Question], within: float) -> Any:
        """The answer to what `question` makes of a tag; None when there was none within so many
        seconds. Waiting for one's turn, and for the child to be loaded, is not its fault.
        """
        child: SpeechChild | None = None
        try:
            async with asyncio.timeout(within), self._turn:
                await self._up()
                child = self._child
                return None if child is None else await child.ask(question)
        except Gone as why:
            log.warning("a child for speech ended by itself (%s)", why)
            await self._drop()
        except TimeoutError:
            if child is not None:
                log.warning("a child for speech did not answer and is given up")
                await self._drop()
        finally:
            self._rest()
        return None

    async def close(self) -> None:
        await self._drop()
        if self._ending is not None:
            await asyncio.wait([self._ending])

    async def _up(self) -> None:
        """Who waits for it may leave: it goes on."""
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load())
        await asyncio.shield(self._loading)

    async def _load(self) -> None:
        if self.useless:
            return
        try:
            if self._child is None:
                self._child = SpeechChild(*self._arguments)
            async with asyncio.timeout(self.load_within):
                await self._child.load()
        except EngineUseless as why:
            log.error("%s cannot be used: %s", self._arguments[0], why)
            self.useless = True
            await self._drop()
        except (Gone, TimeoutError, OSError) as why:
            log.warning("a child for speech did not start (%s)", type(why).__name__)
            await self._drop()

    def _rest(self) -> None:
        if self._idle:
            self._idle.cancel()
        loop = asyncio.get_running_loop()
        self._idle = loop.call_later(self.idle_seconds, self._end_idle)

    def _end_idle(self) -> None:
        if self._turn.locked():
            self._rest()
        else:
            self._ending = asyncio.create_task(self._drop())

    async def _drop(self) -> None:
        if self._idle:
            self._idle.cancel()
        child, self._child = self._child, None
        if child is not None:
            await child.end()
