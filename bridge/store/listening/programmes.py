"""A user's radio programmes: when the phone rings for which station."""

from datetime import datetime, time
from uuid import UUID, uuid4

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, undefer

from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store.listening import stations
from bridge.store.listening.stations import CALENDAR, Programme, Station, call_off
from bridge.store.people import users

MOST = 100


def of_user(db: Session, user: UUID) -> list[tuple[Programme, Station]]:
    """With their calendars, the oldest first."""
    asked = select(Programme, Station).join(Station, Station.id == Programme.station_id)
    own = asked.where(Programme.user_id == user).order_by(Programme.created, Programme.id)
    asked = own.options(undefer(Programme.calendar))
    return [(row, station) for row, station in db.execute(asked).tuples()]


def get(db: Session, user: UUID, programme: UUID) -> Programme:
    own = select(Programme).where(Programme.user_id == user, Programme.id == programme)
    row = db.scalar(own.options(undefer(Programme.calendar)))
    if row is None:
        raise UnknownTarget("no_such_programme")
    return row


def to_fetch(db: Session) -> list[Programme]:
    """Those whose calendar is at an address."""
    asked = select(Programme).where(Programme.enabled == true(), Programme.calendar_address != "")
    return list(db.scalars(asked.order_by(Programme.id)))


def add(
    db: Session,
    user: UUID,
    station: UUID,
    *,
    title: str = "",
    weekdays: frozenset[int] | None = None,
    at: time | None = None,
    cron: str = "",
    calendar: bytes | None = None,
    calendar_address: str = "",
    minutes: int | None = None,
    now: datetime,
) -> Programme:
    """A schedule that can be read; whether it can was asked before. BadInput("bad_schedule" |
    "bad_calendar"), NotAllowed("too_many_programmes").
    """
    users.locked(db, user)
    stations.get(db, user, station)
    if [at is not None, bool(cron), calendar is not None, bool(calendar_address)].count(True) != 1:
        raise BadInput("bad_schedule")
    _check(weekdays, at, calendar)
    count = select(func.count()).where(Programme.user_id == user)
    if db.execute(count).scalar_one() >= MOST:
        raise NotAllowed("too_many_programmes", limit=str(MOST))
    row = Programme(
        id=uuid4(),
        user_id=user,
        station_id=station,
        title=title,
        weekdays=weekdays,
        at=_minute(at),
        cron=cron,
        calendar=calendar,
        calendar_address=calendar_address,
        minutes=minutes or None,
        created=now,
    )
    db.add(row)
    db.flush()
    return row


def change(
    db: Session,
    user: UUID,
    programme: UUID,
    *,
    title: str | None = None,
    weekdays: frozenset[int] | None = None,
    at: time | None = None,
    minutes: int | None = None,
    enabled: bool | None = None,
) -> Programme:
    """Only what is given changes; 0 minutes: until the user hangs up. A time takes the place of any
    other schedule. Nothing is due for one that is switched off. BadInput("bad_schedule").
    """
    users.locked(db, user)
    row = get(db, user, programme)
    _check(weekdays, at)
    row.title = row.title if title is None else title
    row.minutes = row.minutes if minutes is None else minutes or None
    row.enabled = row.enabled if enabled is None else enabled
    if at is not None:
        row.weekdays, row.at = weekdays, _minute(at)
        row.cron, row.calendar, row.calendar_address = "", None, ""
    if at is not None or not row.enabled:
        call_off(db, row.id)
    row.next_due = None
    db.flush()
    return row


def remove(db: Session, user: UUID, programme: UUID) -> None:
    users.locked(db, user)
    db.delete(get(db, user, programme))
    call_off(db, programme)
    db.flush()


def set_calendar(db: Session, programme: UUID, calendar: bytes) -> None:
    """What was found at its address; BadInput("bad_calendar") for too much of it."""
    _check(None, None, calendar)
    row = db.get(Programme, programme, with_for_update={"key_share": True})
    if row is not None and row.calendar_address:
        row.calendar, row.next_due = calendar, None
        db.flush()


def _check(weekdays: frozenset[int] | None, at: time | None, calendar: bytes | None = None) -> None:
    if at is not None and (not weekdays or not weekdays <= set(range(7)) or at.tzinfo):
        raise BadInput("bad_schedule")
    if calendar is not None and len(calendar) > CALENDAR:
        raise BadInput("bad_calendar")


def _minute(at: time | None) -> time | None:
    return None if at is None else at.replace(second=0, microsecond=0)
