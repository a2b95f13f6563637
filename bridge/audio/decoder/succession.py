"""The one decoder of a playback, and those that take its place."""

import asyncio
from functools import partial

from tenacity import wait_exponential_jitter

from bridge.audio.decoder import wire
from bridge.audio.decoder.launch import Decoder, Hear
from bridge.backoff import Backoff


class Succession:
    """Begins with one that is warming up."""

    def __init__(self, rate: int, hear: Hear, private_hosts: tuple[str, ...]) -> None:
        self._new = partial(Decoder, rate, hear, private_hosts)
        self._decoder = self._new()
        self._pauses = Backoff(wait_exponential_jitter(initial=1, max=30))
        self._revival: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """Of the present one."""
        return self._decoder.pid

    async def fit(self) -> None:
        """From now on there is one that can load anything."""
        await self._stop_reviving()
        self._pauses.reset()
        if not self._decoder.free:
            await self.replace()

    async def replace(self) -> None:
        await self._decoder.end()
        self._decoder = self._new()

    def revive(self, order: wire.Load) -> None:
        """The decoder ended by itself: another one shall carry out `order`, later and later."""
        self._revival = asyncio.create_task(self._revive(order))

    def tell(self, message: wire.Message) -> bool:
        """Whether somebody is there to hear it."""
        return self._decoder.tell(message)

    def pause_reading(self) -> None:
        self._decoder.pause_reading()

    def resume_reading(self) -> None:
        self._decoder.resume_reading()

    async def end(self) -> None:
        await self._stop_reviving()
        await self._decoder.end()

    async def _revive(self, order: wire.Load) -> None:
        await asyncio.sleep(self._pauses.pause())
        await self.replace()
        self._decoder.tell(order)

    async def _stop_reviving(self) -> None:
        if self._revival is not None:
            self._revival.cancel()
            await asyncio.wait([self._revival])
            self._revival = None
