"""The user's contacts: in memory, in the store, and asked for over a link."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from bridge.calls.ports.directory import Directory, OpenAddress
from bridge.connectors.base import Credentials
from bridge.store import Store
from bridge.workers.ipc.remote import remote, served
from bridge.workers.ports.contact_book import ContactBook
from bridge.workers.stored.contact_book import StoredContactBook
from tests.bridge.workers.test_directory import add
from tests.bridge.workers.village import COUNTRY, Villager, Ward
from tests.contracts.directory import DirectoryContract, DirectoryWorld
from tests.contracts.over_link import linked
from tests.fake_directory import FakeDirectory


class NobodysDesk:
    def offer(self, leg: object) -> None:
        """Nobody calls here."""

    def ready(self, roster: object = ()) -> None: ...

    def presence(self, contact: object, online: bool) -> None: ...


class MemoryWorld(DirectoryWorld):
    def __init__(self) -> None:
        self.directory = FakeDirectory(Villager(Credentials("me@x.example"), NobodysDesk()))

    async def knows(self, name: str, *addresses: tuple[str, str]) -> UUID:
        number = str(len(self.directory.kept) + 1)
        ways = (OpenAddress(network, address) for network, address in addresses)
        known = self.directory.knows(name, number, *ways)
        if addresses[0][0] == "telex":
            self.directory.loses(name)
        return known.id


class StoredWorld(DirectoryWorld):
    def __init__(self, ward: Ward, directory: Directory) -> None:
        self.ward, self.directory = ward, directory

    async def knows(self, name: str, *addresses: tuple[str, str]) -> UUID:
        return add(self.ward, name, *addresses)


class TestFakeDirectory(DirectoryContract):
    @pytest.fixture
    async def world(self) -> DirectoryWorld:
        return MemoryWorld()


class TestStoredDirectory(DirectoryContract):
    @pytest.fixture
    async def world(self, store: Store, user: UUID) -> AsyncIterator[DirectoryWorld]:
        async with Ward.open(store, user) as ward:
            ward.trunk = ""
            await ward.signs_in("xmpp", "me@x.example")
            yield StoredWorld(ward, ward.directory)


class TestRemoteDirectory(DirectoryContract):
    @pytest.fixture
    async def world(self, store: Store, user: UUID) -> AsyncIterator[DirectoryWorld]:
        book = StoredContactBook(store, user, COUNTRY)
        async with Ward.open(store, user) as ward, linked(served(ContactBook, book)) as ask:
            ward.trunk = ""
            await ward.signs_in("xmpp", "me@x.example")
            yield StoredWorld(ward, ward.directory_on(remote(ContactBook, ask)))
