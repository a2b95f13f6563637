"""Due call-outs: a job is claimed in the database before any phone rings, and only once.

    pending -> claimed -> dialling -> done | failed
       ^         |           |
       +---------+-----------+   not reached; not listened to, and there is a try left

The scheduler that leads claims (`claim`) and gives back what no worker took (`again`, `abandoned`);
the worker dials (`dialling`), before the INVITE, and says how it went (`settle`). A command that
arrives late finds its job in another state and rings nobody. Who crashes in `dialling` may have
rung the phone: it is not rung again (`of_lost`). A job that was due while the house was down is
missed.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    UniqueConstraint,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.engine.text import CleanText
from bridge.store.leases.leadership import SCHEDULER, Leadership, guard
from bridge.terms import DueJobState

__all__ = ["DueJob", "Leadership"]

MOST_TRIES = 2
RETRY_MINUTES = 10
GRACE = timedelta(minutes=30)
"""Somebody who wanted to be called at seven does not want to be called at eight."""


class DueJob(Base):
    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("source_id", "local_date", "key"),
        Index("ix_slots_state_due", "state", "due"),
    )

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    source_id: Mapped[UUID]
    """A subscription's or a programme's id."""
    local_date: Mapped[date] = mapped_column(Date())
    """By the user's clock: the hour that comes twice in autumn rings once."""
    key: Mapped[str] = mapped_column(CleanText(60))
    """The local time "07:00", or "episode <id>" for a call at once, or "asked <random>"."""
    due: Mapped[datetime]
    state: Mapped[DueJobState] = mapped_column(default=DueJobState.PENDING)
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    """Of the leadership under which it was claimed."""
    tries: Mapped[int] = mapped_column(default=0)
    """Calls that nobody listened to."""
    episode_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("episodes.id", ondelete="SET NULL"), index=True
    )
    call_id: Mapped[UUID | None]
    changed: Mapped[datetime]
    reason: Mapped[str] = mapped_column(CleanText(60), default="")
    """Why it is not done, or not yet."""


def get(db: Session, user: UUID, job: UUID) -> DueJob:
    """UnknownTarget("job_over") if there is none."""
    row = db.scalar(select(DueJob).where(DueJob.user_id == user, DueJob.id == job))
    if row is None:
        raise UnknownTarget("job_over")
    return row


def add(
    db: Session,
    user: UUID,
    source: UUID,
    local_date: date,
    key: str,
    *,
    due: datetime,
    now: datetime,
    episode: UUID | None = None,
    state: DueJobState = DueJobState.PENDING,
    reason: str = "",
) -> DueJob | None:
    """None if there is, or was, one for this source, date and key."""
    insert = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = insert(DueJob).values(
        id=uuid4(),
        user_id=user,
        source_id=source,
        local_date=local_date,
        key=key,
        due=due,
        state=state,
        epoch=0,
        tries=0,
        episode_id=episode,
        changed=now,
        reason=reason,
    )
    return db.scalar(fresh.on_conflict_do_nothing().returning(DueJob))


# --- the scheduler that leads -----------------------------------------------------------------


def due(db: Session, now: datetime) -> list[DueJob]:
    """The longest overdue first."""
    pending = DueJob.state == DueJobState.PENDING, DueJob.due <= now
    return list(db.scalars(select(DueJob).where(*pending).order_by(DueJob.due, DueJob.id)))


def waiting(db: Session, now: datetime) -> bool:
    """Whether there is anything for the one that leads: due, or claimed."""
    is_due = (DueJob.state == DueJobState.PENDING) & (DueJob.due <= now)
    asked = select(exists().where(or_(is_due, DueJob.state == DueJobState.CLAIMED)))
    return bool(db.scalar(asked))


def claim(db: Session, job: UUID, epoch: int, now: datetime) -> bool:
    """Whether it is the leader's of `epoch` now; nobody else's it is then."""
    try:
        guard(db, SCHEDULER, epoch)
    except NotAllowed:
        return False
    pending = DueJob.id == job, DueJob.state == DueJobState.PENDING
    return _turned(db, *pending, state=DueJobState.CLAIMED, epoch=epoch, changed=now)


def again(db: Session, job: UUID, epoch: int, reason: str, now: datetime) -> bool:
    """No worker took it, because of `reason`: it may be claimed again."""
    mine = DueJob.id == job, DueJob.state == DueJobState.CLAIMED, DueJob.epoch == epoch
    return _turned(db, *mine, state=DueJobState.PENDING, reason=reason, changed=now)


def abandoned(db: Session, epoch: int, but: Collection[UUID], now: datetime) -> int:
    """What an earlier leader claimed and did not get into a worker's hands may be claimed again;
    so what this one lost, all `but` those that it is busy with. How many.
    """
    guard(db, SCHEDULER, epoch)
    found = db.scalars(select(DueJob).where(DueJob.state == DueJobState.CLAIMED).with_for_update())
    lost = [row for row in found if row.epoch != epoch or row.id not in but]
    for row in lost:
        row.state, row.changed = DueJobState.PENDING, now
    db.flush()
    return len(lost)


def postpone(db: Session, job: UUID, until: datetime, now: datetime) -> bool:
    """It is due later."""
    pending = DueJob.id == job, DueJob.state == DueJobState.PENDING
    return _turned(db, *pending, due=until, changed=now)


def give_up(db: Session, row: DueJob, state: DueJobState, reason: str, now: datetime) -> bool:
    """It will not ring; False if it has got into somebody else's hands since `row` was read."""
    as_read = DueJob.id == row.id, DueJob.state == row.state, DueJob.epoch == row.epoch
    return _turned(db, *as_read, state=state, reason=reason, changed=now)


# --- the worker ---------------------------------------------------------------------------------


def dialling(db: Session, user: UUID, job: UUID, call: UUID, now: datetime) -> bool:
    """Whether the phone may be rung, which is said once. Commit before the INVITE."""
    claimed = DueJob.id == job, DueJob.user_id == user, DueJob.state == DueJobState.CLAIMED
    return _turned(db, *claimed, state=DueJobState.DIALLING, call_id=call, changed=now)


def settle(
    db: Session, user: UUID, job: UUID, *, listened: bool, reason: str = "", now: datetime
) -> DueJobState | None:
    """How the call went; what the job is now. Not listened to: it is due once more in
    RETRY_MINUTES, and has failed after MOST_TRIES. None if it was not being dialled.
    """
    asked = select(DueJob).where(DueJob.id == job, DueJob.user_id == user).with_for_update()
    row = db.scalar(asked.execution_options(populate_existing=True))
    if row is None or row.state is not DueJobState.DIALLING:
        return None
    row.reason, row.changed = reason, now
    if listened:
        row.state = DueJobState.DONE
    else:
        row.tries += 1
        row.state = DueJobState.PENDING if row.tries < MOST_TRIES else DueJobState.FAILED
    if row.state is DueJobState.PENDING:
        row.due = now + timedelta(minutes=RETRY_MINUTES)
    db.flush()
    return row.state


def of_lost(db: Session, user: UUID, now: datetime) -> list[DueJob]:
    """The user's worker died: what it was dialling has failed, as nobody knows whether the phone
    rang. Given back so that the user is told.
    """
    dialled = DueJob.user_id == user, DueJob.state == DueJobState.DIALLING
    found = list(db.scalars(select(DueJob).where(*dialled).order_by(DueJob.due).with_for_update()))
    for row in found:
        row.state, row.reason, row.changed = DueJobState.FAILED, "worker_lost", now
    db.flush()
    return found


def _turned(db: Session, *which: ColumnElement[bool], **values: Any) -> bool:
    """Whether there was such a one; two who try at once are told different things."""
    turned = update(DueJob).where(*which).values(**values).returning(DueJob.id)
    return db.scalar(turned.execution_options(synchronize_session=False)) is not None
