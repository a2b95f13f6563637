"""What a call cost, or what somebody left, is told until the house has it."""

import asyncio
import logging
from typing import Any

from tenacity import wait_exponential

from bridge.backoff import Backoff
from bridge.errors import NetworkDown
from bridge.workers.ipc.asking import Asking
from bridge.workers.ipc.remote import Body

log = logging.getLogger(__name__)

KEPT = frozenset(
    {
        "SubscriberRecord.close_leg",
        "SubscriberRecord.write",
        "SubscriberRecord.keep_voicemail",
        "Library.dialling",
        "Library.settle",
        "MailboxRecord.heard",
        "MailboxRecord.write_down",
        "MailboxRecord.delete",
    }
)
"""Told twice they change nothing more."""


class KeepsAsking:
    """Asks the house. The database may be restarted, or away, at the moment a call ends."""

    def __init__(self, house: Asking) -> None:
        self._house = house

    async def ask(self, name: str, body: Body) -> Any:
        """The answer, in plain JSON. What is KEPT ends with an answer, or with its task."""
        if name not in KEPT:
            return await self._house.ask(name, body)
        pauses = Backoff(wait_exponential(0.2, max=5))
        while True:
            try:
                return await self._house.ask(name, body)
            except NetworkDown as why:
                log.warning("%s is told again: %s", name, why)
            await asyncio.sleep(pauses.pause())
