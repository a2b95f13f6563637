"""How far the listener is, kept by the library beside the sound: a slow database is not heard."""

import asyncio
import logging
from uuid import UUID

from bridge.calls.ports.library import Library

log = logging.getLogger(__name__)

CLOSE_WITHIN = 10.0
"""Seconds in which the last position is kept after the call."""


class Progress:
    """Only the latest position of an episode counts; what was heard stays heard."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._waiting: dict[UUID, tuple[float, bool]] = {}
        self._latest: tuple[UUID, float, bool] | None = None
        self._news = asyncio.Event()

    def note(self, episode: UUID, position: float, heard: bool = False) -> None:
        _, was_heard = self._waiting.get(episode, (0.0, False))
        if (episode, position, heard) != self._latest:  # who pauses writes nothing
            self._latest = episode, position, heard
            self._waiting[episode] = position, heard or was_heard
            self._news.set()

    async def run(self) -> None:
        """Keep what is noted, until it is cancelled."""
        while True:
            await self._news.wait()
            await self._keep()

    async def close(self) -> None:
        """Keep what is left."""
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._keep()
        except TimeoutError:
            log.error("a listener's position could not be kept in time")

    async def _keep(self) -> None:
        self._news.clear()
        while self._waiting:
            episode, (position, heard) = self._waiting.popitem()
            try:
                await self._library.note(episode, position, heard)
            except asyncio.CancelledError:
                self._waiting.setdefault(episode, (position, heard))
                raise
            except Exception:
                # the next one is due in a moment, and the call must go on
                log.exception("a listener's position could not be kept")
