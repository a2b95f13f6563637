"""Messages that callers left. The sound is read only when it is asked for."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import UnknownTarget
from bridge.store import users
from bridge.store.base import Base, OfUser, OwnId


class Voicemail(Base):
    __tablename__ = "voicemails"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    call_id: Mapped[UUID | None] = mapped_column(index=True)
    """Kept before the call's own row is written."""
    caller_name: Mapped[str]
    caller_address: Mapped[str]
    created: Mapped[datetime]
    seconds: Mapped[float]
    heard: Mapped[bool] = mapped_column(default=False)
    ogg: Mapped[bytes] = mapped_column(deferred=True)
    """OGG/Opus."""


def keep(
    db: Session,
    user: UUID,
    call: UUID | None,
    *,
    caller_name: str,
    caller_address: str,
    seconds: float,
    ogg: bytes,
    now: datetime,
) -> Voicemail:
    users.pinned(db, user)
    row = Voicemail(
        id=uuid4(),
        user_id=user,
        call_id=call,
        caller_name=caller_name,
        caller_address=caller_address,
        created=now,
        seconds=seconds,
        ogg=ogg,
    )
    db.add(row)
    db.flush()
    return row


def of_user(db: Session, user: UUID) -> list[Voicemail]:
    """Newest first."""
    own = select(Voicemail).where(Voicemail.user_id == user)
    return list(db.scalars(own.order_by(Voicemail.created.desc(), Voicemail.id)))


def unheard(db: Session, user: UUID) -> int:
    own = select(func.count()).where(Voicemail.user_id == user, Voicemail.heard == false())
    return db.execute(own).scalar_one()


def get(db: Session, user: UUID, voicemail: UUID) -> Voicemail:
    row = db.scalar(select(Voicemail).where(Voicemail.user_id == user, Voicemail.id == voicemail))
    if row is None:
        raise UnknownTarget("no_such_voicemail")
    return row


def sound(db: Session, user: UUID, voicemail: UUID) -> bytes:
    return get(db, user, voicemail).ogg


def mark_heard(db: Session, user: UUID, voicemail: UUID, heard: bool = True) -> None:
    get(db, user, voicemail).heard = heard


def remove(db: Session, user: UUID, voicemail: UUID) -> None:
    db.delete(get(db, user, voicemail))
    db.flush()
