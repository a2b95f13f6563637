"""The people whom a user can call: his contacts, through the accounts that are READY."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

from bridge.api.commands.contacts import ListContacts
from bridge.api.contact_views import ContactsPage, ContactView
from bridge.api.views import PhoneView
from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.calls.ports.leg import Leg
from bridge.calls.ports.outbound_route import OutboundRoute
from bridge.errors import NotAllowed
from bridge.settings import Settings
from bridge.terms import PHONE, Party
from bridge.workers.accounts.open_addresses import OpenAddresses, counted
from bridge.workers.accounts.targets import target
from bridge.workers.ports.contact_book import ContactBook, KnownContact


class AccountDirectory:
    """The port Directory, and what the chat asks of it. `open_ways` tells what is open now."""

    def __init__(
        self,
        book: ContactBook,
        settings: Settings,
        route: OutboundRoute,
        open_ways: Callable[[], OpenAddresses],
    ) -> None:
        self._book = book
        self._settings = settings
        self._route = route
        self._open_ways = open_ways

    async def contacts(self) -> Sequence[DirectoryEntry]:
        known = await self._book.everybody()
        found = await asyncio.to_thread(_listed, known, self._open_ways())
        return sorted(found, key=order)

    async def contact(self, id: UUID) -> DirectoryEntry:
        return self._open_ways().contact(await self._book.contact(id))

    async def who_has(self, address: str, network: str = "") -> DirectoryEntry | None:
        known = await self._book.who_has(address, network)
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
        await self._book.talked(contact)

    # --- what the chat asks ----------------------------------------------------------------------

    async def page(self, asked: ListContacts) -> ContactsPage:
        found = await self._book.find(asked.search, asked.recent, asked.limit, asked.offset)
        open_ways = self._open_ways()
        return ContactsPage(contacts=tuple(map(open_ways.view, found.some)), total=found.total)

    async def view(self, contact: UUID) -> ContactView:
        return self._open_ways().view(await self._book.contact(contact))

    async def way(self, contact: UUID, way: UUID) -> OpenAddress:
        """UnknownTarget("no_such_way"), NotAllowed("no_way") when it is closed."""
        found = self._open_ways().way(await self._book.way(contact, way))
        if found is None:
            raise NotAllowed("no_way")
        return found


def _listed(known: Sequence[KnownContact], open_ways: OpenAddresses) -> list[DirectoryEntry]:
    return [open_ways.contact(one) for one in known]


def order(contact: DirectoryEntry) -> tuple[bool, bool, float, int]:
    """Who can be reached; of them online ones, those talked to lately, the others by number."""
    lately = contact.talked.timestamp() if contact.talked else 0.0
    return not contact.ways, not contact.online, -lately, int(contact.speed_dial)
