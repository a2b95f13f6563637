"""What wakes those who sleep until something is due: it may be due earlier than they thought."""

import asyncio
import logging
from contextlib import suppress

from bridge.api.events import ScheduleChanged
from bridge.api.front_desk import FrontDesk
from bridge.errors import HouseError

log = logging.getLogger(__name__)

CONSUMER = "scheduler"
_PAUSE = 30.0


class ScheduleBell:
    """`rung` counts how often it did."""

    def __init__(self) -> None:
        self.rung = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        """Something has changed."""
        self.rung += 1
        self._next.set()
        self._next = asyncio.Event()

    async def sleep(self, seconds: float | None, heard: int | None = None) -> None:
        """For so long at most, or until it rings. Returns at once if it has rung since `rung` was
        `heard`.
        """
        if heard is None or heard == self.rung:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._next.wait()


async def hear(desk: FrontDesk, bell: ScheduleBell) -> None:
    """Rings when the front desk tells that something has changed; until it is cancelled."""
    while True:
        try:
            async for numbered in desk.events(CONSUMER):
                if isinstance(numbered.event, ScheduleChanged):
                    bell.ring()
                with suppress(HouseError):  # then it is told again, which does no harm
                    await desk.acknowledge(CONSUMER, numbered.number)
        except Exception:
            log.exception("what has changed is not heard at the moment")
        await asyncio.sleep(_PAUSE)
