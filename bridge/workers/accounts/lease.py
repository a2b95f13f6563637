"""The leases a worker holds: nobody else may act for these accounts, nor may it without them.

Its house renews them for all its workers, and tells with each ping until when they hold. What it
does not tell of in time is let go of by the worker's own clock.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from uuid import UUID

from bridge.scope import uninterrupted
from bridge.workers.ipc import clock
from bridge.workers.ports.account_book import AccountBook

log = logging.getLogger(__name__)


class Leases:
    """`lost` is called for each that is gone, before anybody else can have it."""

    def __init__(self, book: AccountBook, lost: Callable[[UUID], None]) -> None:
        self._book = book
        self._lost = lost
        self._held: dict[UUID, float] = {}
        """Until when, by ipc.clock."""
        self._any = asyncio.Event()

    @property
    def healthy(self) -> bool:
        """Whether none has run out."""
        now = clock.now()
        return all(now < valid_until for valid_until in self._held.values())

    async def take(self, account: UUID) -> bool:
        """Whether this worker may serve the account from now on."""
        return await uninterrupted(self._take(account))

    async def give_back(self, account: UUID) -> None:
        """Let go of it, so that somebody else may have it at once."""
        self._held.pop(account, None)
        await uninterrupted(self._book.give_back(account))

    def renewed(self, valid_until: Mapping[UUID, float]) -> None:
        """What the house says. Whatever it does not name is lost."""
        self._drop_late()  # a process that was stopped, and wakes up late, has lost it all the same
        for account in list(self._held):
            if account in valid_until:
                self._held[account] = valid_until[account]
            else:
                self._drop(account)

    async def watch(self) -> None:
        """Let go of what nobody renews; runs as long as the worker does."""
        while True:
            await self._any.wait()
            if self._held:
                await asyncio.sleep(max(0.0, min(self._held.values()) - clock.now()))
                self._drop_late()
            else:
                self._any.clear()

    async def _take(self, account: UUID) -> bool:
        valid_until = await self._book.take(account)
        if valid_until is not None:
            self._held[account] = valid_until
            self._any.set()
        return valid_until is not None

    def _drop_late(self) -> None:
        now = clock.now()
        for account in [one for one, valid_until in self._held.items() if now >= valid_until]:
            self._drop(account)

    def _drop(self, account: UUID) -> None:
        del self._held[account]
        log.error("a lease was lost: its account is let go of")
        self._lost(account)
