"""Who is in an account's roster becomes a contact of its user."""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from tenacity import wait_exponential

from bridge.api.views import AccountView
from bridge.backoff import Backoff
from bridge.errors import HouseError, NetworkDown
from bridge.terms import Party
from bridge.workers.ports.account_book import AccountBook

log = logging.getLogger(__name__)


class Rosters:
    """Of all accounts of a user."""

    def __init__(self, book: AccountBook) -> None:
        self._book = book
        self._waiting: dict[UUID, list[Party]] = {}
        self._work: asyncio.Task[None] | None = None

    def told(self, account: AccountView, roster: Sequence[Party]) -> None:
        """Take it over, in the place of one that still waits; returns at once."""
        self._waiting[account.id] = [one for one in roster if one.address != account.address]
        if self._work is None or self._work.done():
            self._work = asyncio.create_task(self._take_over())

    async def close(self) -> None:
        """What is not taken over yet is told again."""
        if self._work is not None:
            self._work.cancel()
            await asyncio.wait({self._work})

    async def _take_over(self) -> None:
        pauses = Backoff(wait_exponential(multiplier=0.5, max=30))
        while self._waiting:
            account, people = next(iter(self._waiting.items()))
            try:
                left_out = await self._book.take_over(account, people)
            except NetworkDown as why:
                log.warning("a roster could not be taken over yet: %s", why)
                await asyncio.sleep(pauses.pause())
                continue
            except HouseError as why:
                log.info("a roster was not taken over: %s", why)
            except Exception:
                log.exception("a roster could not be taken over")
            else:
                if left_out:
                    log.warning("there was no room for %d contacts", left_out)
            if self._waiting.get(account) is people:
                del self._waiting[account]
