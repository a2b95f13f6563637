"""Networks whose rosters, presence and troubles the tests decide, and a house with accounts there
whose worker is this process.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from bridge.api.events import Event
from bridge.api.views import PhoneView
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import AccountSession, Ask, Connector, Credentials, Desk
from bridge.connectors.loopback.connector import LoopbackLeg
from bridge.errors import NetworkDown, UnknownTarget
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.people import accounts
from bridge.terms import Party, State
from bridge.workers.accounts.open_addresses import OpenAddresses
from bridge.workers.accounts.sessions import Sessions
from bridge.workers.asked.directory import AccountDirectory
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.stored.account_book import StoredAccountBook
from bridge.workers.stored.contact_book import StoredContactBook
from bridge.workers.stored.lease_holder import LeaseHolder
from tests.bridge.store.conftest import NOW
from tests.peers.programs import until

COUNTRY = "DE"


class Villager(AccountSession):
    """An account that is ready until it is `lost`, and again once that is cleared."""

    def __init__(self, credentials: Credentials, desk: Desk) -> None:
        super().__init__(credentials, desk)
        self.roster: Sequence[Party] = ()
        self.serves = ""
        self.lost = asyncio.Event()
        self.dialled: list[str] = []

    @property
    def network(self) -> str:
        return self.serves

    async def run(self) -> None:
        if not self.lost.is_set():
            self.desk.ready(self.roster)
        await self.lost.wait()
        raise NetworkDown("registrar_unreachable", host="x")

    async def dial(self, target: str, showing: Party | None = None) -> Leg:
        if target.startswith("unknown"):
            raise UnknownTarget("cannot_dial")
        self.dialled.append(target)
        return outgoing(target)


class Village(Connector):
    """Every network at once: a session is found by its account's address."""

    def __init__(self) -> None:
        self.sessions: dict[str, Villager] = {}
        self.rosters: dict[str, Sequence[Party]] = {}
        self.serves: dict[str, str] = {}

    async def sign_in(self, ask: Ask) -> Credentials:
        raise NotImplementedError("accounts are put into the store")

    def session(self, credentials: Credentials, desk: Desk) -> AccountSession:
        made = Villager(credentials, desk)
        made.roster = self.rosters.get(credentials.address, ())
        made.serves = self.serves.get(credentials.address, "")
        self.sessions[credentials.address] = made
        return made


class FakeRoute:
    """The trunk."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    def counted(self, phone: PhoneView) -> bool:
        return True

    async def dial(self, phone: PhoneView, showing: Party, call: UUID) -> Leg:
        self.dialled.append(phone.address)
        return outgoing(phone.address)


class NoHall:
    def offer(self, leg: object, account: object) -> None:
        """Nobody calls here."""


class Ward:
    """One user's accounts and directory. `trunk` as in OpenWays."""

    def __init__(self, store: Store, user: UUID, **settings: Any) -> None:
        self.store, self.user = store, user
        self.village, self.route = Village(), FakeRoute()
        self.trunk: str | None = None
        self.told: list[Event] = []
        self.owner, self.leases = str(uuid4()), LeaseHolder(store)
        self.sessions = Sessions(
            StoredAccountBook(store, user, self.owner, self.leases, COUNTRY),
            user,
            NoHall(),
            lambda _: self.village,
            self.told.append,
            lambda: None,
        )
        chosen = Settings(_env_file=None, country=COUNTRY, **settings)  # type: ignore[call-arg]
        self.settings = chosen
        self.directory = self.directory_on(StoredContactBook(store, user, COUNTRY))

    def directory_on(self, book: ContactBook) -> AccountDirectory:
        return AccountDirectory(
            book,
            self.settings,
            self.route,
            lambda: OpenAddresses(self.sessions.open(), self.trunk),
        )

    @classmethod
    @asynccontextmanager
    async def open(cls, store: Store, user: UUID, **settings: Any) -> AsyncIterator["Ward"]:
        ward = cls(store, user, **settings)
        yield ward
        await ward.sessions.close()
        await ward.leases.close()

    async def signs_in(
        self, network: str, address: str, *roster: Party, serves: str = "", label: str = ""
    ) -> UUID:
        """Returns once the account is READY and its roster is taken over."""
        self.village.rosters[address] = roster
        self.village.serves[address] = serves

        def keep(db: Session) -> UUID:
            return accounts.keep(
                db, self.user, network, address, options={}, secrets={}, label=label, now=NOW
            ).id

        account = await self.store.run(keep)
        await self.sessions.refresh(signed_in=account)
        await self.is_open(account)
        await self.settled()
        return account

    async def is_open(self, account: UUID, open: bool = True) -> None:
        def as_wanted() -> bool:
            return (account in {one.account.id for one in self.sessions.open()}) is open

        await until(as_wanted, "the account to be open or closed", 40)

    async def settled(self) -> None:
        """What was told by rosters is in the store."""
        rosters = self.sessions._rosters
        await until(lambda: not rosters._waiting, "the rosters to be taken over", 30)

    def session(self, address: str) -> Villager:
        return self.village.sessions[address]


def outgoing(target: str) -> Leg:
    leg = LoopbackLeg(Party(target))
    leg.peer = leg
    leg.became(State.OUTGOING)
    return leg
