"""The people whom the user can call, and the way to each.

The worker implements a `Directory` on the store and on the rosters of the account sessions, the
tests keep one in memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from bridge.calls.ports.leg import Leg


@dataclass(frozen=True)
class OpenAddress:
    """An address of a contact, and the account through which it is called now."""

    network: str
    address: str
    """As the network spells it; of the network "phone" a number in E.164."""
    account: UUID | None = None
    """None: through the trunk."""
    online: bool | None = None
    """None where the network does not tell."""

    def leads_as(self, other: "OpenAddress") -> bool:
        """To the same address, whichever account is ready and whoever online meanwhile."""
        return (self.network, self.address) == (other.network, other.address)


@dataclass(frozen=True)
class DirectoryEntry:
    """Somebody the user knows. `ways` are those that are open now, the best first."""

    id: UUID
    name: str
    speed_dial: str
    """Digits from 1 to 8: the other keys have another meaning in every menu. For ever the same."""
    sounds_like: str = ""
    """How the name is spoken, where it is not spoken as it is written."""
    talked: datetime | None = None
    """When the user last talked to them."""
    ways: tuple[OpenAddress, ...] = ()

    @property
    def spoken(self) -> str:
        return self.sounds_like or self.name

    @property
    def online(self) -> bool:
        return any(way.online for way in self.ways)


class Directory(Protocol):
    """Whom the user can call, and by which address now."""

    async def contacts(self) -> Sequence[DirectoryEntry]:
        """All of them: those to whom a way is open first, and of these online and recently talked
        ones.
        """

    async def contact(self, id: UUID) -> DirectoryEntry:
        """Whether a way is open or not; UnknownTarget("no_such_contact")."""

    async def who_has(self, address: str, network: str = "") -> DirectoryEntry | None:
        """The contact with this address, if it is one's."""

    def counted(self, way: OpenAddress) -> bool:
        """Whether a call on it may cost money, and is counted against the user's minutes."""

    async def dial(self, way: OpenAddress, call: UUID) -> Leg:
        """A leg in OUTGOING at once. NotAllowed (a rule of the tollguard, "no_trunk"), NetworkDown,
        UnknownTarget.
        """

    async def talked(self, contact: UUID) -> None:
        """The user has just talked to them."""
