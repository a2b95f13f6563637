"""Rosters and address books, taken over into a user's contacts: whoever is called the same is the
same person, and everybody else is new. An address stays with who has it: people of one household
share a number, and are not one person for that.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from bridge.store.contacts import contacts, speed_dials
from bridge.store.contacts.contacts import MOST, MOST_WAYS, Address, Contact, ContactAddress
from bridge.store.people import users
from bridge.text import clean_text, folded


@dataclass(frozen=True)
class RosterEntry:
    """Somebody as a roster or an address book knows him."""

    name: str
    addresses: tuple[Address, ...]


@dataclass
class Outcome:
    """How many contacts are new, or have something new; the names for which there was no room, and
    of those who would be new but have only what is somebody else's.
    """

    added: int = 0
    changed: int = 0
    left_out: list[str] = field(default_factory=list)
    sharing: list[str] = field(default_factory=list)


def is_news(
    db: Session, user: UUID, entries: Iterable[RosterEntry], account: UUID | None = None
) -> bool:
    """Whether `merge` would change anything; for those that are told the same thing every day."""
    return _Plan(db, user, account).follow(entries).changes


def merge(
    db: Session, user: UUID, entries: Iterable[RosterEntry], account: UUID | None = None
) -> Outcome:
    """Take them over. `account`: it is its roster; of two people of one name on one network it
    makes two contacts.
    """
    owner = users.locked(db, user)
    plan = _Plan(db, user, account).follow(entries)
    if plan.changes:
        plan.carry_out(db, owner)
    return plan.outcome


class _Plan:
    """What is to be done, made from a few questions to the database, however long the list is."""

    def __init__(self, db: Session, user: UUID, account: UUID | None) -> None:
        self._user, self._account = user, account
        self._names: dict[UUID, str] = {}
        self._called: dict[str, list[UUID]] = {}
        self._taken: set[int] = set()
        self._holders: dict[Address, UUID] = {}
        self._addresses: dict[UUID, list[Address]] = {}
        self._untold: dict[Address, UUID] = {}
        """Ways that no account's roster has told of."""
        self._read(db)
        self._new: list[UUID] = []
        self._renamed: dict[UUID, str] = {}
        self._ways: list[tuple[UUID, Address]] = []
        self._told: list[UUID] = []
        self.outcome = Outcome()

    def _read(self, db: Session) -> None:
        rows = select(Contact.id, Contact.name, Contact.speed_dial)
        own = rows.where(Contact.user_id == self._user).order_by(Contact.speed_dial)
        for contact, name, number in db.execute(own).tuples():
            self._know(contact, name)
            self._taken.add(number)
        way = ContactAddress
        ways = select(way.contact_id, way.network, way.address, way.id, way.account_id)
        for contact, network, address, id, account in db.execute(
            ways.where(way.user_id == self._user)
        ).tuples():
            self._hold(contact, (network, address))
            if account is None:
                self._untold[network, address] = id

    @property
    def changes(self) -> bool:
        return bool(self._new or self._renamed or self._ways or self._told)

    def follow(self, entries: Iterable[RosterEntry]) -> "_Plan":
        for entry in entries:
            self._follow(clean_text(entry.name), [one for one in entry.addresses if _fits(one)])
        touched = {contact for contact, _ in self._ways} | set(self._renamed)
        self.outcome.added = len(self._new)
        self.outcome.changed = len(touched - set(self._new))
        return self

    def _follow(self, name: str, addresses: list[Address]) -> None:
        if not addresses:
            return
        contact = self._holder(name, addresses) or self._namesake(name, addresses)
        if contact is None:
            if all(one in self._holders for one in addresses):
                return self._share(name, addresses)
            if len(self._names) >= MOST:
                self.outcome.left_out.append(name or addresses[0][1])
                return
            contact = uuid4()
            self._new.append(contact)
            self._know(contact, name or clean_text(addresses[0][1]))
        elif name and self._names[contact] in {each for _, each in self._addresses[contact]}:
            self._renamed[contact] = self._names[contact] = name  # it was known by an address only
        for address in addresses:
            self._give(contact, address)

    def _share(self, name: str, addresses: list[Address]) -> None:
        """A roster may call somebody otherwise than the user does; an address book means another
        person.
        """
        if self._account is None:
            self.outcome.sharing.append(name)
        for address in addresses:
            self._tell(address)

    def _give(self, contact: UUID, address: Address) -> None:
        if address in self._holders:
            self._tell(address)
        elif len(self._addresses[contact]) < MOST_WAYS:
            self._hold(contact, address)
            self._ways.append((contact, address))

    def _tell(self, address: Address) -> None:
        if self._account is not None and address in self._untold:
            self._told.append(self._untold.pop(address))

    def _holder(self, name: str, addresses: list[Address]) -> UUID | None:
        """Who has one of the addresses, and may be called so; rather who is called just so."""
        holders = [self._holders[one] for one in addresses if one in self._holders]
        alike = [one for one in holders if not name or self._may_be_called(one, name)]
        return min(alike, key=lambda one: folded(self._names[one]) != folded(name), default=None)

    def _may_be_called(self, contact: UUID, name: str) -> bool:
        known = self._names[contact]
        by_address = known in {address for _, address in self._addresses[contact]}
        return by_address or _alike(known, name)

    def _namesake(self, name: str, addresses: list[Address]) -> UUID | None:
        networks = {network for network, _ in addresses} if self._account else set()
        for contact in self._called.get(folded(name), ()) if name else ():
            if networks.isdisjoint(network for network, _ in self._addresses[contact]):
                return contact
        return None

    def _know(self, contact: UUID, name: str) -> None:
        self._names[contact] = name
        self._called.setdefault(folded(name), []).append(contact)
        self._addresses.setdefault(contact, [])

    def _hold(self, contact: UUID, address: Address) -> None:
        self._holders[address] = contact
        self._addresses[contact].append(address)

    def carry_out(self, db: Session, owner: users.User) -> None:
        numbers = speed_dials.draw(db, owner, self._taken, len(self._new))
        rows = [
            {"id": id, "user_id": self._user, "name": self._names[id], "speed_dial": number}
            for id, number in zip(self._new, numbers, strict=True)
        ]
        ways = [
            {
                "id": uuid4(),
                "user_id": self._user,
                "contact_id": contact,
                "network": network,
                "address": address,
                "account_id": self._account,
            }
            for contact, (network, address) in self._ways
        ]
        for table, kept in ((Contact, rows), (ContactAddress, ways)):
            if kept:
                db.execute(insert(table), kept)
        for contact, name in self._renamed.items():
            db.execute(update(Contact).where(Contact.id == contact).values(name=name))
        told = update(ContactAddress).where(ContactAddress.id.in_(self._told))
        db.execute(told.values(account_id=self._account))
        db.expire_all()


def _alike(one: str, other: str) -> bool:
    """Whether they may be one person's: "Grace", "Grace H." and "Grace Hopper", but not "Ann" and
    "Anna". A contact too many does no harm, one that is two people makes the wrong phone ring.
    """
    if folded(one) == folded(other):
        return True
    words, others = (re.findall(r"\w+", folded(each)) for each in (one, other))
    pairs = list(zip(words, others, strict=False))
    return bool(pairs) and (
        all(word in (fuller, fuller[0]) for word, fuller in pairs)
        or all(word in (fuller, fuller[0]) for fuller, word in pairs)
    )


def _fits(address: Address) -> bool:
    return contacts.fits(*address)
