"""The people of the house and how they like their calls."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Index, select, text, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.api.preferences import Preferences, checked
from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.settings import Settings
from bridge.store.engine.base import Base, OwnId
from bridge.store.engine.locks import Lock, take
from bridge.store.engine.text import CleanText


class User(Base):
    """A member of the house."""

    __tablename__ = "users"

    id: Mapped[OwnId]
    chat: Mapped[int] = mapped_column(BigInteger, unique=True)
    """The Telegram user id, which is also the id of the private chat."""
    name: Mapped[str]
    language: Mapped[str] = mapped_column(CleanText(12), default="en")
    language_is_chosen: Mapped[bool] = mapped_column(default=False)
    time_zone: Mapped[str] = mapped_column(CleanText(64))
    is_owner: Mapped[bool] = mapped_column(default=False)
    stored_preferences: Mapped[dict[str, Any]] = mapped_column("preferences", default=dict)
    """What was chosen, by the names of `Preferences`; also what a newer program knows of."""
    next_speed_dial: Mapped[int] = mapped_column(default=1)
    """See bridge.store.contacts.speed_dials."""
    greeting: Mapped[bytes | None] = mapped_column(deferred=True)
    """OGG/Opus or WAV, 60 s at most; None: the spoken one."""
    has_greeting: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime]
    # None: as the host's settings say
    concurrent_calls: Mapped[int | None]
    minutes_a_day: Mapped[int | None]
    longest_call_minutes: Mapped[int | None]

    __table_args__ = (
        Index(
            "uq_users_only_owner",
            "is_owner",
            unique=True,
            sqlite_where=text("is_owner"),
            postgresql_where=text("is_owner"),
        ),
    )

    @property
    def preferences(self) -> Preferences:
        return Preferences.read(self.stored_preferences)


@dataclass(frozen=True)
class CallLimits:
    """How much a user may telephone, and all users together."""

    concurrent_calls: int
    minutes_a_day: int
    longest_call_minutes: int
    house_minutes_a_day: int

    @classmethod
    def of_host(cls, settings: Settings) -> Self:
        """What a user may spend who has no limits of his own."""
        return cls(
            concurrent_calls=settings.concurrent_calls,
            minutes_a_day=settings.minutes_a_day,
            longest_call_minutes=settings.longest_call_minutes,
            house_minutes_a_day=settings.house_minutes_a_day,
        )


def get(db: Session, user: UUID) -> User:
    return _known(db.get(User, user))


def pinned(db: Session, user: UUID) -> User:
    """The user's row, which stays there until this transaction ends: for whoever adds to it."""
    asked = select(User).where(User.id == user).with_for_update(read=True, key_share=True)
    return _known(db.scalar(asked))


def locked(db: Session, user: UUID) -> User:
    """The user's row, nobody else changing anything of his until this transaction ends."""
    # NO KEY UPDATE: whoever adds a row that refers to the user need not wait
    asked = select(User).where(User.id == user).with_for_update(key_share=True)
    return _known(db.scalar(asked.execution_options(populate_existing=True)))


def _known(row: User | None) -> User:
    if row is None:
        raise UnknownTarget("no_such_user")
    return row


def by_chat(db: Session, chat: int) -> User | None:
    return db.scalar(select(User).where(User.chat == chat))


def everyone(db: Session) -> list[User]:
    """The longest-standing first."""
    return list(db.scalars(select(User).order_by(User.created, User.id)))


def owner(db: Session) -> User | None:
    return db.scalar(select(User).where(User.is_owner == true()))


def owning(db: Session, user: UUID) -> User:
    """The user, who must be the owner: NotAllowed("not_owner")."""
    row = get(db, user)
    if not row.is_owner:
        raise NotAllowed("not_owner")
    return row


def claim(
    db: Session, chat: int, name: str, *, language: str, time_zone: str, now: datetime
) -> User:
    """The first person becomes the owner; after that NotAllowed("wrong_code").

    The code for a house that is taken is the one for a wrong code: nothing to learn for a stranger.
    """
    take(db, Lock.PEOPLE)
    if owner(db) is not None:
        raise NotAllowed("wrong_code")
    row = add(db, chat, name, language=language, time_zone=time_zone, now=now)
    row.is_owner = True
    db.flush()
    return row


def add(db: Session, chat: int, name: str, *, language: str, time_zone: str, now: datetime) -> User:
    """A new member; whoever is one already stays as he is. BadInput("bad_time_zone")."""
    take(db, Lock.PEOPLE)
    known = by_chat(db, chat)
    if known is not None:
        return known
    _check_zone(time_zone)
    row = User(
        id=uuid4(), chat=chat, name=name, language=language, time_zone=time_zone, created=now
    )
    db.add(row)
    db.flush()
    return row


def change(
    db: Session,
    user: UUID,
    *,
    name: str | None = None,
    language: str | None = None,
    time_zone: str | None = None,
) -> User:
    """Only what is given changes; a language given here counts as chosen by the user.
    BadInput("bad_time_zone").
    """
    row = locked(db, user)
    if time_zone is not None:
        _check_zone(time_zone)
    row.name = row.name if name is None else name
    row.time_zone = row.time_zone if time_zone is None else time_zone
    if language is not None:
        row.language, row.language_is_chosen = language, True
    db.flush()
    return row


def prefer(db: Session, user: UUID, patch: Mapping[str, Any]) -> User:
    """Only what is given changes. BadInput("bad_preference", field=)."""
    row = locked(db, user)
    row.stored_preferences = {**row.stored_preferences, **checked(patch)}
    db.flush()
    return row


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # "Europe" is a directory, "../x" is no key
        raise BadInput("bad_time_zone") from None


def set_greeting(db: Session, user: UUID, sound: bytes | None) -> None:
    row = locked(db, user)
    row.greeting, row.has_greeting = sound, sound is not None


def greeting(db: Session, user: UUID) -> bytes | None:
    get(db, user)
    return db.scalar(select(User.greeting).where(User.id == user))


def limits(row: User, house: CallLimits) -> CallLimits:
    """The user's own limits where he has some, else those of the house."""
    own = {
        name: value
        for name in ("concurrent_calls", "minutes_a_day", "longest_call_minutes")
        if (value := getattr(row, name)) is not None
    }
    return replace(house, **own)


def set_limits(db: Session, user: UUID, **own: int | None) -> User:
    """`concurrent_calls`, `minutes_a_day`, `longest_call_minutes`; None: as the house has it."""
    row = locked(db, user)
    for name, value in own.items():
        if name not in ("concurrent_calls", "minutes_a_day", "longest_call_minutes"):
            raise TypeError(f"there is no limit {name}")
        setattr(row, name, value)
    db.flush()
    return row
