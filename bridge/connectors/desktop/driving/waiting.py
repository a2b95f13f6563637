"""Waiting until a program shows what was to be reached."""

import asyncio
from collections.abc import Callable

from bridge.calls.ports.leg import Leg
from bridge.connectors.desktop.reading.reading import Reading


class Waiting:
    """`look` is called after whatever was told. Each wait is for so many seconds at most, and True
    when it was not in vain.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._changed = asyncio.Condition()

    async def look(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def in_call(self, leg: Leg, seconds: float) -> bool:
        """Also when the house does not want it any more."""
        return await self.until(lambda: self._reading.in_call or leg.over, seconds)

    async def shown(self, seconds: float) -> bool:
        """A call that may yet come."""
        return await self.until(lambda: self._reading.shows_call, seconds)

    async def gone(self, seconds: float) -> bool:
        """Nothing of a call is shown any more."""
        return await self.until(lambda: not self._reading.shows_call, seconds)

    async def until(self, true: Callable[[], bool], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(true)
        except TimeoutError:
            return true()
        return True
