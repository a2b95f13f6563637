"""The user's contacts as a worker gets to know them: whether a way is open, it knows itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class KnownAddress:
    """An address of a contact; of the network "phone" a number in E.164."""

    id: UUID
    network: str
    address: str
    account_id: UUID | None
    """The account whose roster told of it; None: the user did."""


@dataclass(frozen=True)
class KnownContact:
    """Somebody whom the user can call."""

    id: UUID
    name: str
    speed_dial: str
    sounds_like: str
    talked: datetime | None
    ways: tuple[KnownAddress, ...]


@dataclass(frozen=True)
class FoundContacts:
    """Some, of `total` that match."""

    some: tuple[KnownContact, ...]
    total: int


class ContactBook(Protocol):
    """The contacts, where they are kept."""

    async def everybody(self) -> Sequence[KnownContact]:
        """By speed-dial number."""

    async def contact(self, id: UUID) -> KnownContact:
        """UnknownTarget("no_such_contact")."""

    async def way(self, contact: UUID, way: UUID) -> KnownAddress:
        """UnknownTarget("no_such_way") for one of another contact, too."""

    async def who_has(self, address: str, network: str = "") -> KnownContact | None:
        """The contact with this address, however it is spelled."""

    async def find(self, search: str, recent: bool, limit: int, offset: int) -> FoundContacts:
        """Some of those who match, the best first; as ListContacts."""

    async def talked(self, contact: UUID) -> None:
        """The user has just talked to them. One that is gone meanwhile does not matter."""
