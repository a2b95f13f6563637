"""The people whom a user can call: those of the store, through the accounts that are READY."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from bridge.api.commands.contacts import ListContacts
from bridge.api.contact_views import ContactsPage, ContactView
from bridge.api.views import PhoneView
from bridge.calls.policy import tollguard
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.calls.ports.leg import Leg
from bridge.calls.ports.outbound_route import OutboundRoute
from bridge.errors import HouseError, NotAllowed, UnknownTarget
from bridge.settings import Settings
from bridge.store import Store
from bridge.store.contacts import contact_search, contacts
from bridge.store.contacts.contacts import Address, Known
from bridge.terms import PHONE, SIP, Party
from bridge.workers.accounts.open_addresses import OpenAddresses, counted
from bridge.workers.accounts.targets import target


class StoredDirectory:
    """The port Directory, and what the chat asks of it. `open_ways` tells what is open now."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        user: UUID,
        route: OutboundRoute,
        open_ways: Callable[[], OpenAddresses],
    ) -> None:
        self._store = store
        self._settings = settings
        self._user = user
        self._route = route
        self._open_ways = open_ways

    async def contacts(self) -> Sequence[DirectoryEntry]:
        known = await self._store.read(contacts.of_user, self._user)
        found = await asyncio.to_thread(_listed, known, self._open_ways())
        return sorted(found, key=order)

    async def contact(self, id: UUID) -> DirectoryEntry:
        return self._open_ways().contact(await self._store.read(contacts.get, self._user, id))

    async def who_has(self, address: str, network: str = "") -> DirectoryEntry | None:
        known = await self._store.read(self._holder, address, network)
        return None if known is None else self._open_ways().contact(known)

    def counted(self, way: OpenAddress) -> bool:
        return counted(way)

    async def dial(self, way: OpenAddress, call: UUID) -> Leg:
        country, countries = self._settings.country, self._settings.countries
        open_ways = self._open_ways()
        if way.network == PHONE:
            number = target(way, "", country, countries)
            if open_ways.trunk is None:
                raise NotAllowed("no_trunk")
            phone = PhoneView(id=uuid4(), label=number, address=number, position=0, verified=True)
            return await self._route.dial(phone, Party(""), call)
        through = next((one for one in open_ways.accounts if one.account.id == way.account), None)
        if through is None or way.network not in through.networks:
            raise NotAllowed("no_way")  # it was open a moment ago
        dialled = target(way, through.account.network, country, countries)
        return await through.session.dial(dialled)

    async def talked(self, contact: UUID) -> None:
        with suppress(UnknownTarget):  # it was removed meanwhile
            await self._store.run(contacts.talked, self._user, contact, datetime.now(UTC))

    # --- what the chat asks ----------------------------------------------------------------------

    async def page(self, asked: ListContacts) -> ContactsPage:
        rows, total = await self._store.read(contact_search.find, **dict(asked))
        way = self._open_ways().view
        return ContactsPage(contacts=tuple(row.view(way) for row in rows), total=total)

    async def view(self, contact: UUID) -> ContactView:
        known = await self._store.read(contacts.get, self._user, contact)
        return known.view(self._open_ways().view)

    async def way(self, contact: UUID, way: UUID) -> OpenAddress:
        """UnknownTarget("no_such_way"), NotAllowed("no_way") when it is closed."""
        row = await self._store.read(contacts.way, self._user, contact, way)
        found = self._open_ways().way(row)
        if found is None:
            raise NotAllowed("no_way")
        return found

    def _holder(self, db: Session, address: str, network: str) -> Known | None:
        addresses = [(network, address), *spellings(address, network, self._settings.country)]
        found = contacts.who_has(db, self._user, addresses)
        return found if found or network else contacts.who_is_at(db, self._user, address)


def _listed(known: Sequence[Known], open_ways: OpenAddresses) -> list[DirectoryEntry]:
    return [open_ways.contact(one) for one in known]


def order(contact: DirectoryEntry) -> tuple[bool, bool, float, int]:
    """Who can be reached; of them online ones, those talked to lately, the others by number."""
    lately = contact.talked.timestamp() if contact.talked else 0.0
    return not contact.ways, not contact.online, -lately, int(contact.speed_dial)


def spellings(address: str, network: str, country: str) -> list[Address]:
    """A number is the same with a provider behind it and without; a SIP address is written in one
    way.
    """
    if network not in (PHONE, SIP, ""):
        return []
    spelled: list[Address] = []
    for part in (address, address.removeprefix("sip:").partition("@")[0]):
        with suppress(HouseError):
            known = tollguard.normalise(part, country)
            spelled.append((SIP if known.startswith("sip:") else PHONE, known))
    return spelled
