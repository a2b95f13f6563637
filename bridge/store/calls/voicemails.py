"""Messages that callers left. The sound is read only when it is asked for."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, false, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import UnknownTarget
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.engine.text import CleanText
from bridge.store.people import users

LONGEST_TRANSCRIPT = 10_000
"""Code points: ten minutes of somebody who talks fast."""


class Voicemail(Base):
    """A message that a caller left."""

    __tablename__ = "voicemails"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    call: Mapped[UUID | None] = mapped_column("call_id", index=True)
    """Kept before the call's own row is written."""
    caller_name: Mapped[str]
    caller_address: Mapped[str]
    created: Mapped[datetime]
    seconds: Mapped[float]
    heard: Mapped[bool] = mapped_column(default=False)
    transcript: Mapped[str | None] = mapped_column(CleanText(LONGEST_TRANSCRIPT))
    """What a machine understood."""
    ogg: Mapped[bytes] = mapped_column(deferred=True)
    """OGG/Opus."""


class VoiceNote(Base):
    """Which chat message shows a voicemail. It outlives it: the chat is told of a deletion."""

    __tablename__ = "voice_notes"

    voicemail_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[OfUser]
    message: Mapped[int] = mapped_column(BigInteger)
    created: Mapped[datetime]


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
    """The message of a call; kept again, after a crash, it is the same one."""
    users.pinned(db, user)
    same = select(Voicemail).where(Voicemail.user_id == user, Voicemail.call == call)
    if call is not None and (known := db.scalar(same)) is not None:
        return known
    row = Voicemail(
        id=uuid4(),
        user_id=user,
        call=call,
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


def write_down(db: Session, user: UUID, voicemail: UUID, transcript: str) -> None:
    get(db, user, voicemail).transcript = transcript


def remove(db: Session, user: UUID, voicemail: UUID) -> None:
    db.delete(get(db, user, voicemail))
    db.flush()


def note(db: Session, user: UUID, voicemail: UUID, message: int, now: datetime) -> None:
    users.pinned(db, user)
    left, row = db.get(Voicemail, voicemail), db.get(VoiceNote, voicemail)
    if any(known is not None and known.user_id != user for known in (left, row)):
        raise UnknownTarget("no_such_voicemail")
    if row is None:
        db.add(VoiceNote(voicemail_id=voicemail, user_id=user, message=message, created=now))
    else:
        row.message = message
    db.flush()


def find_note(db: Session, user: UUID, voicemail: UUID) -> int | None:
    own = select(VoiceNote.message).where(VoiceNote.user_id == user)
    return db.scalar(own.where(VoiceNote.voicemail_id == voicemail))
