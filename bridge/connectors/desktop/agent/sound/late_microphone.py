"""A microphone that gives nothing in the first moment, as real ones do.

A sound card takes a moment to start. Ours is quicker than any, and there are programs that count on
the slowness: GStreamer, in which Dino does its calls, stops a source for good whose first samples
arrive before what follows it has been started.
"""

import asyncio
from collections.abc import Awaitable, Callable


class LateMicrophone:
    """`suspend(True)` stops the source for all who record, and `suspend(False)` lets it run."""

    def __init__(self, after: float, suspend: Callable[[bool], Awaitable[None]]) -> None:
        self._after, self._suspend = after, suspend
        self._opening: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Nobody records (any more)."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
            self._opening = None
        await self._suspend(True)

    def open(self) -> None:
        """Somebody has begun to; who comes while another one records has no need to wait."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())

    async def _open(self) -> None:
        await asyncio.sleep(self._after)
        await self._suspend(False)
