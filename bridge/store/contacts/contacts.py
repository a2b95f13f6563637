"""The people whom a user can call, and their addresses on the networks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, func, select, tuple_
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.api.contact_views import ContactAddressView, ContactView
from bridge.errors import UnknownTarget
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.engine.text import CleanText
from bridge.text import clean_text

MOST = 2000
MOST_WAYS = 20
"""Of one contact."""
LONGEST_ADDRESS = 320


class Contact(Base):
    """Somebody whom a user can call."""

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("user_id", "speed_dial"),)

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    name: Mapped[str]
    sounds_like: Mapped[str] = mapped_column(default="")
    """How the name is spoken, where it is not spoken as it is written."""
    speed_dial: Mapped[int]
    """See bridge.store.contacts.speed_dials."""
    talked: Mapped[datetime | None]


class ContactAddress(Base):
    """An address of a contact; of the network "phone" a number in E.164."""

    __tablename__ = "contact_ways"
    __table_args__ = (UniqueConstraint("user_id", "network", "address"),)

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    contact_id: Mapped[UUID] = mapped_column(
        ForeignKey("contacts.id", ondelete="CASCADE"), index=True
    )
    network: Mapped[str] = mapped_column(CleanText(30))
    address: Mapped[str] = mapped_column(CleanText(LONGEST_ADDRESS))
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL"), index=True
    )
    """The account whose roster told of it; None: the user did."""


@dataclass(frozen=True)
class Known:
    """A contact with all ways to it."""

    contact: Contact
    ways: tuple[ContactAddress, ...]

    def view(self) -> ContactView:
        """All ways are closed: which are open, only the worker knows."""
        number, ways = str(self.contact.speed_dial), map(ContactAddressView.of, self.ways)
        return ContactView.of(self.contact, speed_dial=number, ways=ways)


Address = tuple[str, str]
"""A network, and an address as it spells it."""


def fits(network: str, address: str) -> bool:
    """Whether an address can be kept as it is; a part of one would be somebody else's."""
    kept = clean_text(address, LONGEST_ADDRESS) == address and clean_text(network, 30) == network
    return kept and bool(address) and bool(network)


def of_user(db: Session, user: UUID) -> list[Known]:
    """By speed-dial number."""
    own = select(Contact).where(Contact.user_id == user).order_by(Contact.speed_dial)
    return _with_ways(db, user, db.scalars(own).all())


def page(
    db: Session, user: UUID, limit: int, offset: int = 0, *, recent: bool = False
) -> tuple[list[Known], int]:
    """Some by speed-dial number, and of how many. `recent`: those the user talked to come first,
    the last one before the others.
    """
    own = select(Contact).where(Contact.user_id == user)
    if recent:
        own = own.order_by(Contact.talked.desc().nulls_last())
    rows = db.scalars(own.order_by(Contact.speed_dial).limit(limit).offset(offset)).all()
    total = db.execute(select(func.count()).where(Contact.user_id == user)).scalar_one()
    return _with_ways(db, user, rows, only={row.id for row in rows}), total


def get(db: Session, user: UUID, contact: UUID) -> Known:
    found = row(db, user, contact)
    return _with_ways(db, user, [found], only={found.id})[0]


def some(db: Session, user: UUID, chosen: Collection[UUID]) -> list[Known]:
    """Those of them that are the user's."""
    own = select(Contact).where(Contact.user_id == user, Contact.id.in_(chosen))
    return _with_ways(db, user, db.scalars(own).all(), only=chosen)


def way(db: Session, user: UUID, contact: UUID, way: UUID) -> ContactAddress:
    """UnknownTarget("no_such_way") for one of another contact, too."""
    own = select(ContactAddress).where(ContactAddress.user_id == user, ContactAddress.id == way)
    found = db.scalar(own.where(ContactAddress.contact_id == contact))
    if found is None:
        raise UnknownTarget("no_such_way")
    return found


def who_has(db: Session, user: UUID, addresses: Iterable[Address]) -> Known | None:
    """The contact with one of these addresses."""
    own = select(ContactAddress.contact_id).where(ContactAddress.user_id == user)
    where = tuple_(ContactAddress.network, ContactAddress.address).in_(list(addresses))
    found = db.scalars(own.where(where).limit(1)).first()
    return None if found is None else get(db, user, found)


def who_is_at(db: Session, user: UUID, address: str) -> Known | None:
    """The contact with this address on whatever network."""
    own = select(ContactAddress.contact_id).where(ContactAddress.user_id == user)
    found = db.scalars(own.where(ContactAddress.address == address).limit(1)).first()
    return None if found is None else get(db, user, found)


def networks(db: Session, user: UUID) -> set[str]:
    """On which anybody can be reached."""
    own = select(ContactAddress.network).where(ContactAddress.user_id == user)
    return set(db.scalars(own.distinct()))


def talked(db: Session, user: UUID, contact: UUID, now: datetime) -> None:
    row(db, user, contact).talked = now
    db.flush()


def row(db: Session, user: UUID, contact: UUID) -> Contact:
    found = db.scalar(select(Contact).where(Contact.user_id == user, Contact.id == contact))
    if found is None:
        raise UnknownTarget("no_such_contact")
    return found


def _with_ways(
    db: Session, user: UUID, rows: Iterable[Contact], only: Collection[UUID] | None = None
) -> list[Known]:
    asked = select(ContactAddress).where(ContactAddress.user_id == user)
    if only is not None:
        asked = asked.where(ContactAddress.contact_id.in_(only))
    ways: dict[UUID, list[ContactAddress]] = {}
    for one in db.scalars(asked.order_by(ContactAddress.network, ContactAddress.address)):
        ways.setdefault(one.contact_id, []).append(one)
    return [Known(row, tuple(ways.get(row.id, ()))) for row in rows]
