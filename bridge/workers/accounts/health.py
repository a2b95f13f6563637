"""How an account is: written down at once, told in the chat once when it goes and once when it is
back, and not at all for a moment's trouble.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from bridge.api.events import Event, HealthChanged
from bridge.api.views import AccountView
from bridge.errors import HouseError, NetworkDown
from bridge.terms import Health
from bridge.workers.ports.account_book import AccountBook, Condition

log = logging.getLogger(__name__)

# a SIP session notices within 52 s that its registrar is gone; the chat knows within a minute
GRACE = 5.0
"""Seconds of trouble that the chat is not told of."""
TRY_AGAIN = 2.0
_DOWN = {Health.OFFLINE, Health.NEEDS_SIGN_IN, Health.BROKEN}


class HealthRecord:
    """The health of one account. `report` may be called at any time; `keep` does the work."""

    def __init__(
        self,
        book: AccountBook,
        user: UUID,
        account: AccountView,
        tell: Callable[[Event], None],
    ) -> None:
        self.account = account
        """As it was last written down."""
        self._book = book
        self._user = user
        self._tell = tell
        self._told = account.health
        self._due: float | None = None
        """When the chat is told, unless it is over by then."""
        self._reports: asyncio.Queue[Condition] = asyncio.Queue()
        self._last: Condition | None = None

    def report(self, condition: Condition) -> None:
        self._reports.put_nowait(condition)

    def renamed(self, row: AccountView) -> None:
        """The user has changed what is his to change; how it is, its session knows better."""
        self.account = row
        if self._last is not None:
            self.report(self._last)

    async def keep(self) -> None:
        """Until cancelled."""
        while True:
            try:
                async with asyncio.timeout_at(self._due):
                    condition = await self._reports.get()
            except TimeoutError:
                self._tell_chat()
                continue
            self._last = condition
            await self._write(condition)
            self._due = self._due_when()

    def _due_when(self) -> float | None:
        now = asyncio.get_running_loop().time()
        health, told = self.account.health, self._told
        if health is Health.NEEDS_SIGN_IN and told is not Health.NEEDS_SIGN_IN:
            return now  # it does not pass by itself
        if health in _DOWN and told not in _DOWN:
            return now + GRACE if self._due is None else self._due
        if health is Health.READY and told in _DOWN:
            return now
        return None

    async def _write(self, condition: Condition) -> None:
        now = self.account
        if (now.health, now.reason, now.facts) == (
            condition.health,
            condition.reason,
            condition.facts,
        ):
            return
        if condition.health is Health.CONNECTING and now.health in _DOWN:
            return  # trying again is no news
        since = datetime.now(UTC) if condition.health is not now.health else now.since
        while True:
            try:
                self.account = await self._book.note(now.id, condition, since)
                return
            except NetworkDown:
                await asyncio.sleep(TRY_AGAIN)
            except HouseError as why:
                # removed, or let go of, meanwhile
                return log.info("the health of an account was not noted: %s", why)

    def _tell_chat(self) -> None:
        was, self._told, self._due = self._told, self.account.health, None
        self._tell(HealthChanged(user=self._user, account=self.account, was=was))
