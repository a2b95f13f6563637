"""Who is in an account's roster becomes a contact of its user."""

import asyncio
import logging
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.orm import Session
from tenacity import wait_exponential

from bridge.api.views import AccountView
from bridge.backoff import Backoff
from bridge.calls.policy import tollguard
from bridge.errors import HouseError, NetworkDown
from bridge.store import Store
from bridge.store.contacts import contact_merge
from bridge.store.contacts.contact_merge import Outcome, RosterEntry
from bridge.store.people import users
from bridge.terms import PHONE, SIP, Party
from bridge.workers.accounts.lease import Leases

log = logging.getLogger(__name__)


class Rosters:
    """Of all accounts of `user`. `country` is the house's."""

    def __init__(self, store: Store, user: UUID, leases: Leases, country: str) -> None:
        self._store = store
        self._user = user
        self._leases = leases
        self._country = country
        self._waiting: dict[UUID, list[RosterEntry]] = {}
        self._work: asyncio.Task[None] | None = None

    def told(self, account: AccountView, roster: Sequence[Party]) -> None:
        """Take it over, in the place of one that still waits; returns at once."""
        self._waiting[account.id] = [
            RosterEntry(one.name, ((one.network, one.address),))
            for one in roster
            if one.address != account.address and self._is_address(one)
        ]
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
            account, entries = next(iter(self._waiting.items()))
            try:
                outcome = await self._merged(account, entries)
            except NetworkDown as why:
                log.warning("a roster could not be taken over yet: %s", why)
                await asyncio.sleep(pauses.pause())
                continue
            except HouseError as why:
                log.info("a roster was not taken over: %s", why)
            except Exception:
                log.exception("a roster could not be taken over")
            else:
                if outcome.left_out:
                    log.warning("there was no room for %d contacts", len(outcome.left_out))
            if self._waiting.get(account) is entries:
                del self._waiting[account]

    async def _merged(self, account: UUID, entries: list[RosterEntry]) -> Outcome:
        # most of them tell what they told yesterday: nobody has to wait for a writer then
        if not await self._store.read(contact_merge.is_news, self._user, entries, account):
            return Outcome()
        return await self._store.run(self._merge, account, entries)

    def _merge(self, db: Session, account: UUID, entries: list[RosterEntry]) -> Outcome:
        users.locked(db, self._user)
        self._leases.guard(db, account)
        return contact_merge.merge(db, self._user, entries, account)

    def _is_address(self, one: Party) -> bool:
        """What is dialled as a number or by SIP has one spelling only."""
        if one.network not in (PHONE, SIP):
            return True
        try:
            return tollguard.normalise(one.address, self._country) == one.address
        except HouseError:
            return False
