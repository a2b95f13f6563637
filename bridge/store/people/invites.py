"""Invitations: a link that lets one person in. Of its token only the hash is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.engine.base import Base, OwnId
from bridge.store.engine.text import CleanText
from bridge.store.people import users

VALID = timedelta(days=7)


class Invite(Base):
    __tablename__ = "invites"

    id: Mapped[OwnId]
    token_hash: Mapped[str] = mapped_column(CleanText(64), unique=True, info={"secret": True})
    """SHA-256, hexadecimal."""
    created_by: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created: Mapped[datetime]
    expires: Mapped[datetime]
    used: Mapped[datetime | None]
    """Stays when the one who used it is forgotten: an invitation never works twice."""
    guest_id: Mapped[UUID | None] = mapped_column(
        "used_by", ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    revoked_at: Mapped[datetime | None]

    guest: Mapped[users.User | None] = relationship(foreign_keys=[guest_id], lazy="joined")

    @property
    def used_by(self) -> str:
        return self.guest.name if self.guest else ""

    @property
    def revoked(self) -> bool:
        return self.revoked_at is not None


def of_user(db: Session, user: UUID) -> list[Invite]:
    """Newest first. NotAllowed("not_owner")."""
    users.owning(db, user)
    own = select(Invite).where(Invite.created_by == user)
    return list(db.scalars(own.order_by(Invite.created.desc(), Invite.id)))


def make(db: Session, user: UUID, now: datetime) -> tuple[Invite, str]:
    """The invitation and its token (URL-safe, 32 characters), which is nowhere kept."""
    users.owning(db, user)
    token = secrets.token_urlsafe(24)
    row = Invite(
        id=uuid4(),
        token_hash=_hash(token),
        created_by=user,
        created=now,
        expires=now + VALID,
        guest=None,
    )
    db.add(row)
    db.flush()
    return row, token


def revoke(db: Session, user: UUID, invite: UUID, now: datetime) -> None:
    users.owning(db, user)
    row = db.scalar(
        select(Invite)
        .where(Invite.created_by == user, Invite.id == invite)
        .with_for_update(of=Invite)
    )
    if row is None:
        raise UnknownTarget("no_such_invite")
    row.revoked_at = row.revoked_at or now


def join(
    db: Session,
    token: str,
    chat: int,
    name: str,
    *,
    language: str,
    time_zone: str,
    now: datetime,
) -> users.User:
    """Come in. A member who presses the link again is let through and uses nothing up.

    UnknownTarget("no_such_invite"), NotAllowed("invite_used" | "invite_revoked" |
    "invite_expired").
    """
    known = users.by_chat(db, chat)
    if known is not None:
        return known
    row = db.scalar(
        select(Invite).where(Invite.token_hash == _hash(token)).with_for_update(of=Invite)
    )
    if row is None:
        raise UnknownTarget("no_such_invite")
    if row.used is not None:
        raise NotAllowed("invite_used")
    if row.revoked:
        raise NotAllowed("invite_revoked")
    if now >= row.expires:
        raise NotAllowed("invite_expired")
    guest = users.add(db, chat, name, language=language, time_zone=time_zone, now=now)
    row.used, row.guest_id = now, guest.id
    db.flush()
    return guest


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
