"""Only one scheduler ticks, however many there are: a lease with an epoch, as for accounts.

The epoch grows with each new leader. What a leader does to a job it does under its epoch: one that
has slept through its successor's beginning changes nothing any more.

Time is the database's own where the database is shared between machines, as with the other leases;
`now` overrides it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import NotAllowed
from bridge.store.engine.base import Base
from bridge.store.engine.text import CleanText
from bridge.store.leases.leases import NEVER, clock

SCHEDULER = "scheduler"


class Leadership(Base):
    """One row for each office that only one program may hold."""

    __tablename__ = "leaderships"

    name: Mapped[str] = mapped_column(CleanText(30), primary_key=True)
    owner: Mapped[str] = mapped_column(CleanText(64), default="")
    """Unique for each start of a program (a UUID)."""
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_until: Mapped[datetime] = mapped_column(default=NEVER)
    looked_until: Mapped[datetime] = mapped_column(default=NEVER)
    """Everything that was due up to this instant has its job."""


@dataclass(frozen=True)
class Leader:
    """Who leads, under which epoch, and up to when it has looked."""

    epoch: int
    looked_until: datetime
    """NEVER for the first leader there ever was."""


def lead(
    db: Session, name: str, owner: str, ttl: timedelta, now: datetime | None = None
) -> Leader | None:
    """Take the office if it is free, or keep it; None while somebody else has it."""
    now = now or clock(db)
    row = _locked(db, name) or _founded(db, name)
    # nobody can have taken it for longer than that: a clock that was wrong has been set
    held = now < row.lease_until <= now + ttl
    if row.owner != owner:
        if row.owner and held:
            return None
        row.owner, row.epoch = owner, row.epoch + 1
    row.lease_until = now + ttl
    db.flush()
    return Leader(row.epoch, row.looked_until)


def held_until(db: Session, name: str) -> datetime:
    """When others may take it at the earliest; NEVER if nobody has it."""
    return db.scalar(select(Leadership.lease_until).where(Leadership.name == name)) or NEVER


def resign(db: Session, name: str, owner: str) -> None:
    """Others may take it at once."""
    own = Leadership.name == name, Leadership.owner == owner
    db.execute(update(Leadership).where(*own).values(owner="", lease_until=NEVER))


def guard(db: Session, name: str, epoch: int) -> None:
    """NotAllowed("lease_lost") unless `epoch` is that of the leader; if it is, nobody else becomes
    leader until this transaction ends. A leader whose lease ran out while nobody wanted it leads.
    """
    current = Leadership.name == name, Leadership.epoch == epoch, Leadership.owner != ""
    if db.scalar(select(Leadership.epoch).where(*current).with_for_update(read=True)) is None:
        raise NotAllowed("lease_lost")


def looked(db: Session, name: str, until: datetime) -> None:
    """By the leader, in the transaction that gave everything until then its job."""
    db.execute(update(Leadership).where(Leadership.name == name).values(looked_until=until))


def _locked(db: Session, name: str) -> Leadership | None:
    asked = select(Leadership).where(Leadership.name == name).with_for_update()
    return db.scalar(asked.execution_options(populate_existing=True))


def _founded(db: Session, name: str) -> Leadership:
    """Two may found it at the same instant."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"owner": "", "epoch": 0, "lease_until": NEVER, "looked_until": NEVER}
    db.execute(insert(Leadership).values(name=name, **fresh).on_conflict_do_nothing())
    row = _locked(db, name)
    assert row is not None, "it was just founded"
    return row
