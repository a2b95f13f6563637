"""The PIN by which a user is known on the phone, and what wrong ones lead to.

Of so few digits a hash alone hides nothing from who steals the database: it is sealed like any
other secret. The hash takes a tenth of a second, so it is made outside of every transaction, and a
try is counted before it is looked at: whoever tries in ten calls at once has no more tries.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import BadInput, NotAllowed
from bridge.store.engine.base import Base
from bridge.store.engine.locks import Lock, take
from bridge.store.engine.seal import KeyRing, SecretPlace, keys_of
from bridge.store.people import users

TRIES = 3
LOCKED = timedelta(minutes=30)
_SALT = 16
_IN_KEYPAD_ORDER = ("2580", "0852", "1470", "3690")


class Pin(Base):
    """The hash of a PIN, and the wrong guesses so far."""

    __tablename__ = "pins"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes] = mapped_column(info={"secret": True}, deferred=True)
    """Salt and scrypt hash, in the envelope of bridge.store.engine.seal."""
    tries: Mapped[int] = mapped_column(default=0)
    """Since the last right one."""
    locked_until: Mapped[datetime | None]


@dataclass(frozen=True)
class Guess:
    """One try, counted as a wrong one until `right` says otherwise."""

    hash: bytes = field(repr=False)
    locked_until: datetime | None
    """It is the last one: if it is wrong, nobody phones in before."""


def check(pin: str) -> None:
    """Whether it is good enough: BadInput("bad_pin" | "easy_pin")."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise BadInput("bad_pin")
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeats = any(pin == (pin[:n] * len(pin))[: len(pin)] for n in range(1, len(pin) // 2 + 1))
    if len(steps) == 1 or repeats or pin in _IN_KEYPAD_ORDER:
        raise BadInput("easy_pin")


def hashed(pin: str) -> bytes:
    """Takes a tenth of a second."""
    salt = os.urandom(_SALT)
    return salt + _scrypt(salt).derive(pin.encode())


def matches(hash: bytes, digits: str) -> bool:
    """Whether these digits were `hashed`, in a time that does not depend on how many are right."""
    try:
        _scrypt(hash[:_SALT]).verify(digits.encode(), hash[_SALT:])
    except InvalidKey:
        return False
    return True


def of_user(db: Session, user: UUID) -> Pin | None:
    return db.get(Pin, user)


def locked_until(db: Session, user: UUID, now: datetime) -> datetime | None:
    row = of_user(db, user)
    until = row.locked_until if row else None
    return until if until is not None and now < until else None


def keep(db: Session, user: UUID, hash: bytes | None) -> None:
    """This one instead of any before, or (None) none at all. A lock is over."""
    users.locked(db, user)
    take(db, Lock.SEAL, shared=True)
    row = of_user(db, user)
    if row is not None:
        db.delete(row)
        db.flush()
    if hash is not None:
        db.add(Pin(user_id=user, sealed=keys_of(db).seal(hash, _place(user)), tries=0))
        db.flush()


def guess(db: Session, user: UUID, now: datetime) -> Guess:
    """Count a try. NotAllowed("no_pin"), ("pin_locked", until=)."""
    users.locked(db, user)
    row = of_user(db, user)
    if row is None:
        raise NotAllowed("no_pin")
    if row.locked_until is not None:
        if now < row.locked_until:
            raise NotAllowed("pin_locked", until=row.locked_until.isoformat())
        row.tries, row.locked_until = 0, None
    row.tries += 1
    if row.tries >= TRIES:
        row.locked_until = now + LOCKED
    db.flush()
    return Guess(keys_of(db).open(row.sealed, _place(user)), row.locked_until)


def right(db: Session, user: UUID, guess: Guess) -> None:
    """It was the right one; a lock that came by another try meanwhile stays."""
    users.locked(db, user)
    row = of_user(db, user)
    if row is not None and row.locked_until == guess.locked_until:
        row.tries, row.locked_until = 0, None


def rewrap(db: Session, keys: KeyRing) -> int:
    """Put every data key under the current one of `keys`; how many were not yet."""
    take(db, Lock.SEAL)
    changed = 0
    for user, sealed in db.execute(select(Pin.user_id, Pin.sealed)).all():
        fresh = keys.rewrap(sealed, _place(user))
        if fresh != sealed:
            db.execute(update(Pin).where(Pin.user_id == user).values(sealed=fresh))
            changed += 1
    return changed


def _scrypt(salt: bytes) -> Scrypt:
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1)


def _place(user: UUID) -> SecretPlace:
    return SecretPlace("pins", user, "sealed")
