"""When programmes and ring times are due next. The scheduler computes it outside of transactions,
as calendars come from anywhere, and keeps it here; whoever changes a source sets it to None.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, true, update
from sqlalchemy.orm import Session, undefer

from bridge.store.listening.due_jobs import DueJob
from bridge.store.listening.stations import Programme
from bridge.store.listening.subscriptions import RingTime, Subscription
from bridge.store.people.users import User
from bridge.terms import DueJobState, RingRule

Source = Programme | RingTime


def open_sources(db: Session, now: datetime) -> list[tuple[Source, str]]:
    """Those that may be due by now, and those of which nobody knows, each with its user's time
    zone; programmes with their calendars.
    """
    rings = select(RingTime, User.time_zone).where(*_rings(RingTime), _open(RingTime, now))
    asked = select(Programme, User.time_zone).where(*_rings(Programme), _open(Programme, now))
    asked = asked.options(undefer(Programme.calendar)).order_by(Programme.id)
    return [
        *db.execute(rings.order_by(RingTime.at, RingTime.id)).tuples(),
        *db.execute(asked).tuples(),
    ]


def keep(db: Session, read: Source, zone: str, next_due: datetime) -> bool:
    """False if the source is not as it was `read` any more: it is to be looked at once more."""
    kind = type(read)
    as_read = kind.id == read.id, kind.next_due.is_not_distinct_from(read.next_due), *_same(read)
    kept = update(kind).where(*as_read).values(next_due=next_due, due_zone=zone).returning(kind.id)
    return db.scalar(kept.execution_options(synchronize_session=False)) is not None


def forget(db: Session) -> None:
    """All are to be looked at: the clock by which it was computed was wrong."""
    for kind in (Programme, RingTime):
        db.execute(update(kind).values(next_due=None))


def earliest(db: Session, now: datetime) -> datetime | None:
    """When there is something to do next: `now` if a source is open; else the first that is due, or
    a job that was put off. Jobs that were due are somebody's already.
    """
    found = []
    for kind in (Programme, RingTime):
        if db.scalar(select(exists().where(*_rings(kind), _open(kind, now)))):
            return now
        found.append(db.scalar(select(func.min(kind.next_due)).where(*_rings(kind))))
    later = DueJob.state == DueJobState.PENDING, DueJob.due > now
    found.append(db.scalar(select(func.min(DueJob.due)).where(*later)))
    return min((at for at in found if at is not None), default=None)


def _rings(kind: type[Source]) -> tuple[ColumnElement[bool], ...]:
    whose = User.id == kind.user_id
    if kind is Programme:
        return whose, Programme.enabled == true()
    at_times = Subscription.id == RingTime.subscription_id, Subscription.rings == RingRule.AT_TIMES
    return whose, *at_times


def _open(kind: type[Source], now: datetime) -> ColumnElement[bool]:
    moved = kind.due_zone != User.time_zone
    return or_(kind.next_due.is_(None), kind.next_due <= now, moved)


def _same(read: Source) -> tuple[ColumnElement[bool], ...]:
    if isinstance(read, RingTime):
        return (RingTime.at == read.at,)  # they are replaced, never changed
    return (
        Programme.enabled == true(),
        Programme.at.is_not_distinct_from(read.at),
        Programme.weekdays.is_not_distinct_from(read.weekdays),
        Programme.cron == read.cron,
        Programme.calendar.is_not_distinct_from(read.calendar),
    )
