"""The contacts of one user, kept in the store."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bridge.calls.policy import tollguard
from bridge.errors import HouseError, UnknownTarget
from bridge.store import Store
from bridge.store.contacts import contact_search, contacts
from bridge.store.contacts.contacts import Address, ContactAddress, Known
from bridge.terms import PHONE, SIP
from bridge.workers.ports.contact_book import FoundContacts, KnownAddress, KnownContact


class StoredContactBook:
    """The port ContactBook of `user`. `country` is the house's."""

    def __init__(self, store: Store, user: UUID, country: str) -> None:
        self._store = store
        self._user = user
        self._country = country

    async def everybody(self) -> Sequence[KnownContact]:
        rows = await self._store.read(contacts.of_user, self._user)
        return [_contact(row) for row in rows]

    async def contact(self, id: UUID) -> KnownContact:
        return _contact(await self._store.read(contacts.get, self._user, id))

    async def way(self, contact: UUID, way: UUID) -> KnownAddress:
        return _address(await self._store.read(contacts.way, self._user, contact, way))

    async def who_has(self, address: str, network: str = "") -> KnownContact | None:
        known = await self._store.read(self._holder, address, network)
        return None if known is None else _contact(known)

    async def find(self, search: str, recent: bool, limit: int, offset: int) -> FoundContacts:
        rows, total = await self._store.read(
            contact_search.find, self._user, search, recent, limit, offset
        )
        return FoundContacts(tuple(map(_contact, rows)), total)

    async def talked(self, contact: UUID) -> None:
        with suppress(UnknownTarget):
            await self._store.run(contacts.talked, self._user, contact, datetime.now(UTC))

    def _holder(self, db: Session, address: str, network: str) -> Known | None:
        addresses = [(network, address), *spellings(address, network, self._country)]
        found = contacts.who_has(db, self._user, addresses)
        return found if found or network else contacts.who_is_at(db, self._user, address)


def _contact(known: Known) -> KnownContact:
    row = known.contact
    return KnownContact(
        row.id,
        row.name,
        str(row.speed_dial),
        row.sounds_like,
        row.talked,
        tuple(map(_address, known.ways)),
    )


def _address(row: ContactAddress) -> KnownAddress:
    return KnownAddress(row.id, row.network, row.address, row.account_id)


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
