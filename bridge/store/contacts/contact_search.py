"""Finding people by what is typed: a name or a part of one, a speed-dial number, an address."""

import re
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.contacts import contacts
from bridge.store.contacts.contacts import Contact, ContactAddress, Known
from bridge.text import folded

_FEWEST_DIGITS = 3
"""Of a telephone number, to find whose it is."""


def find(
    db: Session, user: UUID, search: str, recent: bool, limit: int, offset: int
) -> tuple[list[Known], int]:
    """Some of those who match, or of all, as contacts.page sorts them; and of how many."""
    if search.strip():
        return matching(db, user, search, limit, offset)
    return contacts.page(db, user, limit, offset, recent=recent)


def matching(
    db: Session, user: UUID, typed: str, limit: int, offset: int = 0
) -> tuple[list[Known], int]:
    """Some of those who match, the best first; and of how many."""
    rows = select(Contact.id, Contact.name, Contact.speed_dial).where(Contact.user_id == user)
    addresses: dict[UUID, list[str]] = {}
    ways = select(ContactAddress.contact_id, ContactAddress.address).where(
        ContactAddress.user_id == user
    )
    for contact, address in db.execute(ways).tuples():
        addresses.setdefault(contact, []).append(address)
    found = []
    for contact, name, speed_dial in db.execute(rows).tuples():
        fit = rank(typed, name, str(speed_dial), addresses.get(contact, ()))
        if fit is not None:
            found.append((fit, speed_dial, contact))
    page = [contact for *_, contact in sorted(found)[offset : offset + limit]]
    known = {one.contact.id: one for one in contacts.some(db, user, page)}
    return [known[contact] for contact in page], len(found)


def rank(typed: str, name: str, speed_dial: str, addresses: Collection[str]) -> int | None:
    """0 is the best; None: it does not match."""
    wanted, called = folded(typed), folded(name)
    words, parts = wanted.split(), called.split()
    if wanted in (called, speed_dial, *map(str.casefold, addresses)):
        return 0
    if words and all(word in parts for word in words):
        return 1
    if words and all(any(part.startswith(word) for part in parts) for word in words):
        return 2
    if words and wanted in called:
        return 3
    digits = re.sub(r"\D", "", typed).lstrip("0")
    if len(digits) >= _FEWEST_DIGITS and any(digits in address for address in addresses):
        return 4
    return None
