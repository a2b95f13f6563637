"""Radio: a user's stations, and the programmes for which the phone rings."""

from datetime import datetime, time
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.engine.addresses import web_address
from bridge.store.engine.base import Base, OfUser, OwnId, Weekdays
from bridge.store.engine.text import CleanText
from bridge.store.listening import due_jobs
from bridge.store.listening.feeds import ADDRESS
from bridge.store.people import users
from bridge.terms import DueJobState

MOST = 100
CALENDAR = 200_000


class Station(Base):
    """A radio station of a user."""

    __tablename__ = "stations"
    __table_args__ = (UniqueConstraint("user_id", "address"),)

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    name: Mapped[str]
    address: Mapped[str] = mapped_column(CleanText(ADDRESS))
    created: Mapped[datetime]


class Programme(Base):
    """One of three schedules is set: `weekdays` with `at`, `cron`, or `calendar`; all of them by
    the user's clock.
    """

    __tablename__ = "programmes"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    station_id: Mapped[UUID] = mapped_column(
        ForeignKey("stations.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str]
    weekdays: Mapped[frozenset[int] | None] = mapped_column(Weekdays())
    at: Mapped[time | None]
    cron: Mapped[str] = mapped_column(CleanText(120), default="")
    """Five fields, as in crontab(5)."""
    calendar: Mapped[bytes | None] = mapped_column(deferred=True)
    """iCalendar (RFC 5545), CALENDAR bytes at most."""
    calendar_address: Mapped[str] = mapped_column(CleanText(ADDRESS), default="")
    """Where `calendar` is fetched anew once a day; empty: it was sent as a file."""
    minutes: Mapped[int | None]
    """None: until the user hangs up."""
    enabled: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime]
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    """Nothing of it is due before that, by the clock of `due_zone`; None: to be looked at."""
    due_zone: Mapped[str] = mapped_column(CleanText(64), default="")


def of_user(db: Session, user: UUID) -> list[Station]:
    """By name."""
    rows = db.scalars(select(Station).where(Station.user_id == user))
    return sorted(rows, key=lambda row: (row.name.casefold(), row.created))


def get(db: Session, user: UUID, station: UUID) -> Station:
    row = db.scalar(select(Station).where(Station.user_id == user, Station.id == station))
    if row is None:
        raise UnknownTarget("no_such_station")
    return row


def add(db: Session, user: UUID, name: str, address: str, now: datetime) -> Station:
    """One that the user has already may get another name. BadInput("bad_stream_address"),
    NotAllowed("too_many_stations").
    """
    users.locked(db, user)
    address = web_address(address, "bad_stream_address")
    present = of_user(db, user)
    row = next((one for one in present if one.address == address), None)
    if row is None:
        if len(present) >= MOST:
            raise NotAllowed("too_many_stations", limit=str(MOST))
        row = Station(id=uuid4(), user_id=user, name=name, address=address, created=now)
        row.name = row.name or address
        db.add(row)
    else:
        row.name = name or row.name
    db.flush()
    return row


def rename(db: Session, user: UUID, station: UUID, name: str) -> Station:
    row = get(db, user, station)
    row.name = name
    row.name = row.name or row.address
    db.flush()
    return row


def remove(db: Session, user: UUID, station: UUID) -> None:
    """Its programmes go with it, and what was due for them."""
    users.locked(db, user)
    row = get(db, user, station)
    call_off(db, *db.scalars(select(Programme.id).where(Programme.station_id == station)))
    db.delete(row)
    db.flush()


def call_off(db: Session, *programmes: UUID) -> None:
    """Nothing is due for them any more."""
    pending = (
        due_jobs.DueJob.source_id.in_(programmes),
        due_jobs.DueJob.state == DueJobState.PENDING,
    )
    db.execute(delete(due_jobs.DueJob).where(*pending))
