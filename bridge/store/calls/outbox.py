"""Events for the chat, kept until every consumer has acknowledged them.

Numbers grow in the order of the commits (a lock sees to it), so that a consumer who has read up to
n never misses one below n. Append last in a transaction: others wait for it.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.store.engine.base import Base, OfUser
from bridge.store.engine.locks import Lock, take
from bridge.store.engine.text import CleanText
from bridge.store.people import users


class OutboxEvent(Base):
    """An event that waits for its consumers."""

    __tablename__ = "outbox"
    # a number is never given twice, not even after everything was acknowledged and deleted
    __table_args__ = ({"sqlite_autoincrement": True},)

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    user_id: Mapped[OfUser]
    body: Mapped[dict[str, Any]]
    created: Mapped[datetime]


class Consumer(Base):
    """Who reads events, and up to which number it has acknowledged."""

    __tablename__ = "consumers"

    name: Mapped[str] = mapped_column(CleanText(60), primary_key=True)
    acknowledged: Mapped[int] = mapped_column(BigInteger, default=0)


def append(db: Session, user: UUID, body: dict[str, Any], now: datetime) -> int:
    """Its number. UnknownTarget("no_such_user") for somebody who was forgotten meanwhile."""
    users.pinned(db, user)
    take(db, Lock.OUTBOX)
    row = OutboxEvent(user_id=user, body=body, created=now)
    db.add(row)
    db.flush()
    return row.number


def after(db: Session, consumer: str, limit: int = 100, beyond: int = 0) -> list[OutboxEvent]:
    """What the consumer has not acknowledged yet and what has a number beyond `beyond` (what it
    was sent already), in order.
    """
    done = _acknowledged(db, consumer)
    asked = select(OutboxEvent).where(OutboxEvent.number > max(done, beyond))
    return list(db.scalars(asked.order_by(OutboxEvent.number).limit(limit)))


def attend(db: Session, consumer: str) -> int:
    """From now on events wait for this consumer; up to which number it has acknowledged."""
    if db.get(Consumer, consumer) is None:
        take(db, Lock.OUTBOX)
    row = db.get(Consumer, consumer, populate_existing=True)
    if row is None:
        row = Consumer(name=consumer, acknowledged=0)
        db.add(row)
        db.flush()
    return row.acknowledged


def acknowledge(db: Session, consumer: str, number: int) -> None:
    """Everything up to `number` is done. What all consumers have done is deleted. It never goes
    back, and never beyond what there is.
    """
    take(db, Lock.OUTBOX)
    attend(db, consumer)
    row = db.get_one(Consumer, consumer, populate_existing=True)
    newest = db.scalar(select(func.max(OutboxEvent.number))) or 0
    row.acknowledged = max(row.acknowledged, min(number, newest))
    db.flush()
    done = db.execute(select(func.min(Consumer.acknowledged))).scalar_one()
    db.execute(
        delete(OutboxEvent)
        .where(OutboxEvent.number <= done)
        .execution_options(synchronize_session=False)
    )


def _acknowledged(db: Session, consumer: str) -> int:
    known = select(Consumer.acknowledged).where(Consumer.name == consumer)
    return db.scalar(known) or 0
