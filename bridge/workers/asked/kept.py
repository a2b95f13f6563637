"""What a call cost, or what somebody left, is told until the house has it; what it cannot be told
any more is left for the next one.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from tenacity import wait_exponential

from bridge.backoff import Backoff
from bridge.errors import HouseError, NetworkDown, Throttled
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Body
from bridge.workers.ipc.spool import Spool
from bridge.workers.ports.kept import KEPT, LEFT

log = logging.getLogger(__name__)

LAST_ANSWER_WITHIN = 1.0
"""Seconds; the last questions of a call together take less than a supervisor waits for who was told
to leave (WorkerLimits.leaves_within).
"""


class KeepsAsking:
    """Asks the house. What is KEPT goes on being told, whether or not somebody waits for it. Who
    leaves waits `last_answer_within` seconds for each answer.
    """

    def __init__(
        self, house: Asking, spool: Spool, last_answer_within: float = LAST_ANSWER_WITHIN
    ) -> None:
        self._house = house
        self._spool = spool
        self._last_answer_within = last_answer_within
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
        """The house is gone, or this worker goes: what cannot be told from now on is left."""
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
                return await self._answer(name, body)
            except HouseError as why:
                if not _passes(why):
                    raise
                if self._leaving.is_set():
                    self._leave_behind(name, body)
                    raise NetworkDown("house_unreachable") from why
                log.warning("%s is told again: %s", name, why)
            with suppress(TimeoutError):
                async with asyncio.timeout(pauses.pause()):
                    await self._leaving.wait()

    async def _answer(self, name: str, body: Body) -> Any:
        """Who leaves does not wait for ever: its supervisor would end it with everything untold."""
        asking = asyncio.create_task(self._house.ask(name, body))
        leaving = asyncio.create_task(self._leaving.wait())
        try:
            await asyncio.wait({asking, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                await asyncio.wait({asking}, timeout=self._last_answer_within)
            if asking.done():
                return asking.result()
            raise NetworkDown("house_unreachable")
        finally:
            asking.cancel()
            leaving.cancel()

    def _leave_behind(self, name: str, body: Body) -> None:
        if name not in LEFT:
            return
        try:
            self._spool.leave(name, body)
        except OSError as why:
            log.error("%s is lost: %s", name, why)


def _passes(why: HouseError) -> bool:
    """Not a refusal, but a house that is away, has too much to do, or failed: its disk is full."""
    return isinstance(why, NetworkDown | Throttled) or type(why) is HouseError
