"""The history: one row a call (CDR), and where the chat shows it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, delete, select
from sqlalchemy.orm import Mapped, Session, column_property, mapped_column

from bridge.errors import UnknownTarget
from bridge.store.calls.voicemails import Voicemail
from bridge.store.engine.base import Base, OfUser
from bridge.store.engine.text import CleanText
from bridge.store.people import users
from bridge.terms import Direction, EndedBy


class CallRecord(Base):
    """One row a call: the CDR."""

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_user_id_started", "user_id", "started"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    direction: Mapped[Direction]
    network: Mapped[str] = mapped_column(CleanText(30))
    account: Mapped[str]
    """Its label, as it was then."""
    caller_name: Mapped[str]
    caller_address: Mapped[str]
    called: Mapped[str]
    started: Mapped[datetime]
    answered: Mapped[datetime | None]
    ended: Mapped[datetime]
    answered_on: Mapped[str] = mapped_column(default="")
    """The label of the phone that accepted."""
    cause: Mapped[str] = mapped_column(CleanText(40))
    """A Cause's word."""
    ended_by: Mapped[EndedBy | None]
    ring_seconds: Mapped[float] = mapped_column(default=0.0)
    talk_seconds: Mapped[float] = mapped_column(default=0.0)
    codec: Mapped[str] = mapped_column(CleanText(40), default="")
    loss: Mapped[float] = mapped_column(default=0.0)
    """A share, 0 to 1."""
    jitter_ms: Mapped[float] = mapped_column(default=0.0)
    reason: Mapped[str] = mapped_column(CleanText(60), default="")

    voicemail: Mapped[UUID | None] = column_property(
        select(Voicemail.id)
        .where(Voicemail.call == id, Voicemail.user_id == user_id)
        .order_by(Voicemail.created)
        .limit(1)
        .correlate_except(Voicemail)
        .scalar_subquery()
    )


class CardMessage(Base):
    """The chat message that shows a call: known before the call is over and has a row of its
    own.
    """

    __tablename__ = "cards"

    call_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[OfUser]
    message: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime]


def write(db: Session, call: CallRecord) -> None:
    """Keep a finished call. Writing it again, after a crash, changes nothing."""
    users.pinned(db, call.user_id)
    if db.get(CallRecord, call.id) is None:
        db.add(call)
        db.flush()


def of_user(db: Session, user: UUID, limit: int = 10, offset: int = 0) -> list[CallRecord]:
    """Newest first."""
    own = select(CallRecord).where(CallRecord.user_id == user)
    page = own.order_by(CallRecord.started.desc(), CallRecord.id).limit(limit).offset(offset)
    return list(db.scalars(page))


def get(db: Session, user: UUID, call: UUID) -> CallRecord:
    row = db.scalar(select(CallRecord).where(CallRecord.user_id == user, CallRecord.id == call))
    if row is None:
        raise UnknownTarget("no_such_call")
    return row


def verifications(db: Session, user: UUID, address: str, since: datetime) -> list[datetime]:
    """When `address` was called to verify it, oldest first."""
    asked = select(CallRecord.started).where(
        CallRecord.user_id == user,
        CallRecord.direction == Direction.VERIFICATION,
        CallRecord.called == address,
        CallRecord.started > since,
    )
    return list(db.scalars(asked.order_by(CallRecord.started)))


def unfinished(db: Session, user: UUID) -> int:
    """How many calls have a card and no record: they ended with the house. They are forgotten."""
    lost = delete(CardMessage).where(
        CardMessage.user_id == user, CardMessage.call_id.not_in(select(CallRecord.id))
    )
    result = db.execute(lost.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))


def note_card(db: Session, user: UUID, call: UUID, message: int, now: datetime) -> None:
    users.pinned(db, user)
    finished, row = db.get(CallRecord, call), db.get(CardMessage, call)
    if any(known is not None and known.user_id != user for known in (finished, row)):
        raise UnknownTarget("no_such_call")
    if row is None:
        db.add(CardMessage(call_id=call, user_id=user, message=message, created=now))
    else:
        row.message = message
    db.flush()


def find_card(db: Session, user: UUID, call: UUID) -> int | None:
    return db.scalar(
        select(CardMessage.message).where(CardMessage.user_id == user, CardMessage.call_id == call)
    )
