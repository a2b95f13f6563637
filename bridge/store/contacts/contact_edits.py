"""What a user changes about the people he can call."""

from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bridge.errors import BadInput, NotAllowed
from bridge.store.contacts import contacts, speed_dials
from bridge.store.contacts.contacts import MOST, MOST_WAYS, Contact, ContactAddress, Known
from bridge.store.people import users


def add(db: Session, user: UUID, name: str, network: str, address: str) -> Known:
    """With the next free speed-dial number. The contact that has this address already gets this
    name. NotAllowed("too_many_contacts").
    """
    row = users.locked(db, user)
    known = contacts.who_has(db, user, [(network, address)])
    if known is not None:
        _rename(known.contact, name)
        db.flush()
        return known
    taken = set(db.scalars(select(Contact.speed_dial).where(Contact.user_id == user)))
    if len(taken) >= MOST:
        raise NotAllowed("too_many_contacts", limit=str(MOST))
    [number] = speed_dials.draw(db, row, taken, 1)
    contact = Contact(id=uuid4(), user_id=user, name=address, speed_dial=number)
    _rename(contact, name)
    db.add(contact)
    db.flush()
    return add_way(db, user, contact.id, network, address)


def change(
    db: Session,
    user: UUID,
    contact: UUID,
    *,
    name: str | None = None,
    sounds_like: str | None = None,
    speed_dial: str | None = None,
) -> Known:
    """Only what is given changes. BadInput("bad_speed_dial" | "speed_dial_taken", name=)."""
    owner, row = users.locked(db, user), contacts.row(db, user, contact)
    if speed_dial is not None:
        _renumber(db, owner, row, speed_dials.read(speed_dial))
    _rename(row, name or "")
    row.sounds_like = row.sounds_like if sounds_like is None else sounds_like
    db.flush()
    return contacts.get(db, user, contact)


def add_way(db: Session, user: UUID, contact: UUID, network: str, address: str) -> Known:
    """One that another contact has moves over, and a contact that has none left is gone.
    NotAllowed("too_many_ways").
    """
    users.locked(db, user)
    known = contacts.get(db, user, contact)
    here = select(ContactAddress).where(
        ContactAddress.user_id == user, ContactAddress.network == network
    )
    row = db.scalar(here.where(ContactAddress.address == address))
    if row is not None and row.contact_id == contact:
        return known
    if len(known.ways) >= MOST_WAYS:
        raise NotAllowed("too_many_ways", limit=str(MOST_WAYS))
    if row is None:
        db.add(ContactAddress(user_id=user, contact_id=contact, network=network, address=address))
        db.flush()
    else:
        before, row.contact_id = row.contact_id, contact
        db.flush()
        if not contacts.get(db, user, before).ways:
            remove(db, user, before)
    return contacts.get(db, user, contact)


def remove_way(db: Session, user: UUID, contact: UUID, way: UUID) -> Known:
    users.locked(db, user)
    contacts.row(db, user, contact)
    db.delete(contacts.way(db, user, contact, way))
    db.flush()
    return contacts.get(db, user, contact)


def remove(db: Session, user: UUID, contact: UUID) -> None:
    owner, row = users.locked(db, user), contacts.row(db, user, contact)
    speed_dials.spend(db, owner, row.speed_dial)
    db.execute(delete(Contact).where(Contact.id == contact))
    db.flush()


def _rename(row: Contact, name: str) -> None:
    """Unless nothing of the name can be shown."""
    before = row.name
    row.name = name
    row.name = row.name or before


def _renumber(db: Session, owner: users.User, row: Contact, number: int) -> None:
    if number == row.speed_dial:
        return
    own = select(Contact).where(Contact.user_id == row.user_id)
    holder = db.scalar(own.where(Contact.speed_dial == number))
    if holder is not None:
        raise BadInput("speed_dial_taken", name=holder.name)
    speed_dials.spend(db, owner, row.speed_dial)
    row.speed_dial = number
