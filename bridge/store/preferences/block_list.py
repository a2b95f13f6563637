"""Callers that a user does not want."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import BadInput
from bridge.store.engine.base import Base
from bridge.store.people import users

MOST_BLOCKED = 1000


class Blocked(Base):
    __tablename__ = "blocked"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(primary_key=True)
    """A number, a sip: address, a prefix ending in *, or "anonymous"."""
    name: Mapped[str]
    since: Mapped[datetime]


def of_user(db: Session, user: UUID) -> list[Blocked]:
    """The latest first."""
    own = select(Blocked).where(Blocked.user_id == user)
    return list(db.scalars(own.order_by(Blocked.since.desc(), Blocked.address)))


def block(db: Session, user: UUID, address: str, name: str, now: datetime) -> Blocked:
    """Blocked already: the name may become known, the day stays. BadInput("too_many_blocked")."""
    users.locked(db, user)
    row = Blocked(user_id=user, address=address, name=name, since=now)
    if not row.address:
        raise BadInput("bad_pattern")
    known = db.get(Blocked, (user, row.address))
    if known is not None:
        known.name = name or known.name
        return known
    if len(of_user(db, user)) >= MOST_BLOCKED:
        raise BadInput("too_many_blocked", limit=str(MOST_BLOCKED))
    db.add(row)
    db.flush()
    return row


def unblock(db: Session, user: UUID, address: str) -> None:
    """Not blocked any more; nothing happens when it was not."""
    db.execute(delete(Blocked).where(Blocked.user_id == user, Blocked.address == address))
