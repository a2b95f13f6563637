"""What a call cost, or what somebody left, is told until the house has it; what it cannot be told
any more is left for the next one.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from tenacity import wait_exponential

from bridge.backoff import Backoff
from bridge.errors import NetworkDown
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Body
from bridge.workers.ipc.spool import Spool
from bridge.workers.ports.kept import KEPT

log = logging.getLogger(__name__)


class KeepsAsking:
    """Asks the house. What is KEPT goes on being told, whether or not somebody waits for it."""

    def __init__(self, house: Asking, spool: Spool) -> None:
        self._house = house
        self._spool = spool
        self._telling: set[asyncio.Task[Any]] = set()
        self._leaving = asyncio.Event()

    async def ask(self, name: str, body: Body) -> Any:
        """The answer, in plain JSON. NetworkDown for what is KEPT says that it is left."""
        if name not in KEPT:
            return await self._house.ask(name, body)
        telling = asyncio.create_task(self._tell(name, body))
        self._telling.add(telling)
        telling.add_done_callback(self._told)
        return await asyncio.shield(telling)

    def leave(self) -> None:
        """The house is gone, or this worker goes: whatever fails from now on is left."""
        self._leaving.set()

    async def close(self) -> None:
        """Returns when everything is told or left."""
        self.leave()
        if self._telling:
            await asyncio.wait(self._telling)

    def _told(self, telling: asyncio.Task[Any]) -> None:
        self._telling.discard(telling)
        if not telling.cancelled() and (why := telling.exception()) is not None:
            log.warning("the house could not be told: %s", why)  # whoever waited may have gone

    async def _tell(self, name: str, body: Body) -> Any:
        pauses = Backoff(wait_exponential(0.2, max=5))
        while True:
            try:
                return await self._house.ask(name, body)
            except NetworkDown as why:
                if self._leaving.is_set():
                    self._leave_behind(name, body)
                    raise
                log.warning("%s is told again: %s", name, why)
            with suppress(TimeoutError):
                async with asyncio.timeout(pauses.pause()):
                    await self._leaving.wait()

    def _leave_behind(self, name: str, body: Body) -> None:
        try:
            self._spool.leave(name, body)
        except OSError as why:
            log.error("%s is lost: %s", name, why)
