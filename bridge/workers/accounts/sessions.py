"""The account sessions of one user: each under a lease and a keeper, as the store wants them."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from tenacity import wait_exponential

from bridge.api.events import Event
from bridge.api.views import AccountView
from bridge.backoff import Backoff
from bridge.connectors.base import AccountSession, Connector, Credentials
from bridge.errors import HouseError, SetupFault
from bridge.terms import Health
from bridge.workers.accounts.account_desk import AccountDesk, Hall
from bridge.workers.accounts.health import HealthRecord
from bridge.workers.accounts.keeper import keep
from bridge.workers.accounts.lease import Leases
from bridge.workers.accounts.rosters import Rosters
from bridge.workers.ports.account_book import AccountBook, KnownAccount

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class OpenAccount:
    """An account through which people can be called now; `networks` are theirs."""

    account: AccountView
    session: AccountSession
    networks: frozenset[str]
    is_online: Callable[[str, str], bool | None]
    """By network and address; None when the network does not tell."""


@dataclass
class Served:
    """One account that is served."""

    version: str
    """Of its credentials."""
    record: HealthRecord
    desk: AccountDesk
    session: AccountSession
    task: asyncio.Task[None]

    @property
    def goes_on(self) -> bool:
        return not (self.task.done() or self.task.cancelling())

    @property
    def is_open(self) -> bool:
        return self.goes_on and self.record.account.health is Health.READY


class Sessions:
    """All accounts of `user`; `refresh` makes them what the store says. `changed` is called when a
    session has come or gone.
    """

    def __init__(
        self,
        book: AccountBook,
        user: UUID,
        hall: Hall,
        connector: Callable[[str], Connector],
        tell: Callable[[Event], None],
        changed: Callable[[], None],
    ) -> None:
        self.leases = Leases(book, self._lost)
        self._rosters = Rosters(book)
        self._book = book
        self._user = user
        self._hall = hall
        self._connector = connector
        self._tell = tell
        self._changed = changed
        self._served: dict[UUID, Served] = {}
        self._known: dict[UUID, KnownAccount] = {}
        """As they were read last, those that are switched off among them."""
        self._turn = asyncio.Lock()
        self.leases_lost = 0
        self._leaving: set[asyncio.Task[None]] = set()

    async def refresh(self, signed_in: UUID | None = None) -> None:
        """Start what is new, stop what was switched off or removed, restart what has changed and
        the account that was just `signed_in`.
        """
        async with self._turn:
            known = await self._book.all()
            wanted = {one.view.id: one for one in known if one.view.enabled}
            for account in list(self._served):
                if account not in wanted or account == signed_in:
                    await self._leave(account)
            await self._forget_removed(known)
            for account, one in wanted.items():
                try:
                    await self._settle(one)
                except Exception as why:
                    await self._note_broken(account, why)
            self._changed()

    async def close(self) -> None:
        """Sign out of everything."""
        async with self._turn:
            await asyncio.gather(*(self._leave(account) for account in list(self._served)))
            await self._rosters.close()

    async def credentials(self, account: UUID) -> Credentials | None:
        """What the account signs in with; None where its secrets do not open."""
        try:
            return await self._book.credentials(account)
        except SetupFault:
            return None

    def trunk(self) -> AccountSession | None:
        """The session that the user has chosen to dial phones through."""
        chosen = (one for one in self._served.values() if one.record.account.is_trunk)
        return next((one.session for one in chosen), None)

    def open(self) -> list[OpenAccount]:
        """Those that are READY."""
        return [
            OpenAccount(
                one.record.account,
                one.session,
                one.desk.networks | {one.record.account.network, one.session.network} - {""},
                one.desk.is_online,
            )
            for one in self._served.values()
            if one.is_open
        ]

    async def _settle(self, known: KnownAccount) -> None:
        view = known.view
        served = self._served.get(view.id)
        if served is not None:
            if served.version == known.version and served.goes_on:
                if view != served.record.account:
                    served.record.renamed(view)
                return
            await self._leave(view.id)
        record = HealthRecord(self._book, self._user, view, self._tell)
        desk = AccountDesk(self._hall, record, self._rosters.told)
        credentials = await self._book.credentials(view.id)
        session = self._connector(view.network).session(credentials, desk)
        task = asyncio.create_task(self._serve(session, record))
        task.add_done_callback(_log_failure)
        self._served[view.id] = Served(known.version, record, desk, session, task)

    async def _serve(self, session: AccountSession, record: HealthRecord) -> None:
        """Nobody acts for an account without its lease."""
        await self._wait_for_lease(record.account.id)
        async with asyncio.TaskGroup() as both:
            both.create_task(record.keep())
            # after it has given up, the last word is still to be told
            both.create_task(keep(session, record.report))

    async def _wait_for_lease(self, account: UUID) -> None:
        pauses = Backoff(wait_exponential(multiplier=0.25, max=5))
        while True:
            try:
                if await self.leases.take(account):
                    return
            except HouseError as why:
                log.warning("a lease could not be taken: %s", why)
            await asyncio.sleep(pauses.pause())

    async def _leave(self, account: UUID) -> None:
        served = self._served.pop(account)
        served.task.cancel()
        await asyncio.wait({served.task})
        try:
            await served.session.close()
        except Exception:
            log.exception("an account could not be left in order")
        with suppress(HouseError):  # nobody can be asked: then it runs out
            await self.leases.give_back(account)

    async def _forget_removed(self, now: Sequence[KnownAccount]) -> None:
        known, self._known = self._known, {one.view.id: one for one in now}
        for account in known.keys() - self._known.keys():
            gone = known[account]
            try:
                await self._connector(gone.view.network).forget(gone.options)
            except Exception:
                log.exception("what a removed account left could not be removed")

    async def _note_broken(self, account: UUID, why: Exception) -> None:
        """An account for which there is no session: its secrets do not open, or are not enough."""
        log.error("an account cannot be served", exc_info=why)
        code, facts = "session_failed", {"why": type(why).__name__}
        if isinstance(why, HouseError):
            code, facts = why.code, why.facts
        with suppress(HouseError):
            await self._book.note_unserved(account, code, facts)

    def _lost(self, account: UUID) -> None:
        """Silent at once; served again as soon as the lease is free."""
        self.leases_lost += 1
        served = self._served.get(account)
        if served is not None:
            served.task.cancel()
            task = asyncio.create_task(self._come_back(account))
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _come_back(self, account: UUID) -> None:
        pauses = Backoff(wait_exponential(multiplier=1, max=10))
        while True:
            try:
                # its task is over: it is left and begins anew, with waiting for the lease
                return await self.refresh()
            except HouseError as why:
                log.warning("accounts cannot be read: %s", why)
                await asyncio.sleep(pauses.pause())


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (why := task.exception()) is not None:
        log.error("the keeper of an account failed", exc_info=why)
