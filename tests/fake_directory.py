"""The user's contacts in memory; they are on the loopback network."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from bridge.calls.ports.directory import DirectoryEntry, OpenAddress
from bridge.calls.ports.leg import Leg
from bridge.connectors.base import AccountSession
from bridge.errors import HouseError, UnknownTarget
from bridge.terms import Party
from bridge.workers.accounts.open_addresses import counted
from bridge.workers.asked.directory import order
from bridge.workers.stored.contact_book import spellings

COUNTRY = "DE"


class FakeDirectory:
    """Everything is dialled through `session`; `refusal` is what dialling raises."""

    def __init__(self, session: AccountSession) -> None:
        self.session = session
        self.kept: list[DirectoryEntry] = []
        self.refusal: HouseError | None = None
        self.talked_to: list[UUID] = []
        self.costs = False
        self.delay = 0.0
        """How long dialling takes."""

    def knows(
        self, name: str, speed_dial: str, *ways: OpenAddress, sounds_like: str = ""
    ) -> DirectoryEntry:
        """With no ways given: by an address like the name, in small letters."""
        own = ways or (OpenAddress("xmpp", name.lower(), online=True),)
        contact = DirectoryEntry(uuid4(), name, speed_dial, sounds_like, ways=own)
        self.kept.append(contact)
        return contact

    def loses(self, name: str) -> None:
        """No way leads there any more."""
        self.kept = [replace(one, ways=()) if one.name == name else one for one in self.kept]

    # --- the port Directory

    async def contacts(self) -> Sequence[DirectoryEntry]:
        return sorted(self.kept, key=order)

    async def contact(self, id: UUID) -> DirectoryEntry:
        for contact in self.kept:
            if contact.id == id:
                return contact
        raise UnknownTarget("no_such_contact")

    async def who_has(self, address: str, network: str = "") -> DirectoryEntry | None:
        spelled = {(network, address), *spellings(address, network, COUNTRY)}
        for contact in self.kept:
            for way in contact.ways:
                anywhere = not network and way.address == address
                if anywhere or (way.network, way.address) in spelled:
                    return contact
        return None

    def counted(self, way: OpenAddress) -> bool:
        return self.costs or counted(way)

    async def dial(self, way: OpenAddress, call: UUID) -> Leg:
        await asyncio.sleep(self.delay)
        if self.refusal:
            raise self.refusal
        return await self.session.dial(way.address, Party("me", "The user", "loopback"))

    async def talked(self, contact: UUID) -> None:
        await asyncio.sleep(self.delay)
        self.talked_to.append(contact)
        now = datetime.now(UTC)
        self.kept = [replace(one, talked=now) if one.id == contact else one for one in self.kept]
