"""What a user does not want: callers, and calls at certain hours."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, SmallInteger, delete, select
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from bridge.errors import BadInput
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.people import users

MOST_BLOCKED = 1000
MOST_QUIET_HOURS = 20


class Weekdays(TypeDecorator[frozenset[int]]):
    """A set of 0 (Monday) to 6, as a number with one bit a day."""

    impl = SmallInteger
    cache_ok = True

    def process_bind_param(self, value: frozenset[int] | None, dialect: Dialect) -> int | None:
        return None if value is None else sum(1 << day for day in value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> frozenset[int] | None:
        return None if value is None else frozenset(day for day in range(7) if value >> day & 1)


class Blocked(Base):
    __tablename__ = "blocked"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(primary_key=True)
    """A number, a sip: address, a prefix ending in *, or "anonymous"."""
    name: Mapped[str]
    since: Mapped[datetime]


class QuietHours(Base):
    """Local times of the user. A range may pass midnight: it belongs to the day it starts on."""

    __tablename__ = "quiet_hours"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    weekdays: Mapped[frozenset[int]] = mapped_column(Weekdays())
    start: Mapped[time]
    end: Mapped[time]


def blocked(db: Session, user: UUID) -> list[Blocked]:
    """The latest first."""
    own = select(Blocked).where(Blocked.user_id == user)
    return list(db.scalars(own.order_by(Blocked.since.desc(), Blocked.address)))


def block(db: Session, user: UUID, address: str, name: str, now: datetime) -> Blocked:
    """Blocked already: the name may become known, the day stays. BadInput("too_many_blocked")."""
    users.locked(db, user)
    row = Blocked(user_id=user, address=address, name=name, since=now)
    if not row.address:
        raise BadInput("bad_pattern")
    known = db.get(Blocked, (user, row.address))
    if known is not None:
        known.name = name or known.name
        return known
    if len(blocked(db, user)) >= MOST_BLOCKED:
        raise BadInput("too_many_blocked", limit=str(MOST_BLOCKED))
    db.add(row)
    db.flush()
    return row


def unblock(db: Session, user: UUID, address: str) -> None:
    """Not blocked any more; nothing happens when it was not."""
    db.execute(delete(Blocked).where(Blocked.user_id == user, Blocked.address == address))


def quiet_hours(db: Session, user: UUID) -> list[QuietHours]:
    own = select(QuietHours).where(QuietHours.user_id == user)
    return list(db.scalars(own.order_by(QuietHours.start, QuietHours.id)))


def set_quiet_hours(
    db: Session, user: UUID, hours: Iterable[tuple[Iterable[int], time, time]]
) -> list[QuietHours]:
    """These, (weekdays, start, end) each, in the place of all before. BadInput("bad_quiet_hours")
    for a range without days or length.
    """
    users.locked(db, user)
    rows = [
        QuietHours(id=uuid4(), user_id=user, weekdays=frozenset(days), start=start, end=end)
        for days, start, end in hours
    ]
    if len(rows) > MOST_QUIET_HOURS or not all(map(_sensible, rows)):
        raise BadInput("bad_quiet_hours")
    db.execute(delete(QuietHours).where(QuietHours.user_id == user))
    db.add_all(rows)
    db.flush()
    return quiet_hours(db, user)


def _sensible(row: QuietHours) -> bool:
    local = row.start.tzinfo is None and row.end.tzinfo is None
    return local and bool(row.weekdays) and row.weekdays <= set(range(7)) and row.start != row.end
