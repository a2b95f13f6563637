"""Hours in which a user wants no calls."""

from collections.abc import Iterable
from datetime import time
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import BadInput
from bridge.store.engine.base import Base, OfUser, OwnId, Weekdays
from bridge.store.people import users

MOST_QUIET_HOURS = 20


class QuietHours(Base):
    """Local times of the user. A range may pass midnight: it belongs to the day it starts on."""

    __tablename__ = "quiet_hours"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    weekdays: Mapped[frozenset[int]] = mapped_column(Weekdays())
    start: Mapped[time]
    end: Mapped[time]


def of_user(db: Session, user: UUID) -> list[QuietHours]:
    own = select(QuietHours).where(QuietHours.user_id == user)
    return list(db.scalars(own.order_by(QuietHours.start, QuietHours.id)))


def replace(
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
    return of_user(db, user)


def _sensible(row: QuietHours) -> bool:
    local = row.start.tzinfo is None and row.end.tzinfo is None
    return local and bool(row.weekdays) and row.weekdays <= set(range(7)) and row.start != row.end
