"""The user's own phones, in the order in which they ring, and the proof that they are his."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import BadInput, NotAllowed, UnknownTarget
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.people import users

MOST = 8
TRIES = 3
COOLING = timedelta(hours=24)
RING_SECONDS = range(5, 121)


class Phone(Base):
    """One of the user's own phones, and the proof that it is theirs."""

    __tablename__ = "phones"
    __table_args__ = (UniqueConstraint("user_id", "address"),)

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    label: Mapped[str]
    address: Mapped[str]
    """E.164, or sip:someone@host."""
    position: Mapped[int]
    """0 is the first; dense."""
    ring_seconds: Mapped[int] = mapped_column(default=25)
    enabled: Mapped[bool] = mapped_column(default=True)
    pin_waived: Mapped[bool] = mapped_column(default=False)
    """Whether who phones in from it is not asked for the PIN."""
    verified_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    """Wrong ones since the last right one."""
    cooling_until: Mapped[datetime | None]

    @property
    def verified(self) -> bool:
        return self.verified_at is not None


class RemovedPhone(Base):
    """The wrong tries of a phone that was removed: adding it again must not wash them off."""

    __tablename__ = "removed_phones"

    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(primary_key=True)
    tries: Mapped[int]
    cooling_until: Mapped[datetime | None]
    removed: Mapped[datetime]


def of_user(db: Session, user: UUID) -> list[Phone]:
    """In the order in which they ring."""
    return list(db.scalars(select(Phone).where(Phone.user_id == user).order_by(Phone.position)))


def get(db: Session, user: UUID, phone: UUID) -> Phone:
    row = db.scalar(select(Phone).where(Phone.user_id == user, Phone.id == phone))
    if row is None:
        raise UnknownTarget("no_such_phone")
    return row


def add(db: Session, user: UUID, label: str, address: str) -> Phone:
    """The last in the order, not verified. BadInput("phone_exists"), ("too_many_phones")."""
    users.locked(db, user)
    present = of_user(db, user)
    row = Phone(
        id=uuid4(), user_id=user, label=label or address, address=address, position=len(present)
    )
    if any(phone.address == row.address for phone in present):
        raise BadInput("phone_exists")
    if len(present) >= MOST:
        raise BadInput("too_many_phones", limit=str(MOST))
    was = db.get(RemovedPhone, (user, row.address))
    if was is not None:
        row.tries, row.cooling_until = was.tries, was.cooling_until
        db.delete(was)
    db.add(row)
    db.flush()
    return row


def change(
    db: Session,
    user: UUID,
    phone: UUID,
    *,
    label: str | None = None,
    ring_seconds: int | None = None,
    enabled: bool | None = None,
    pin_waived: bool | None = None,
    position: int | None = None,
) -> Phone:
    """Only what is given changes; a position beyond the ends means the end."""
    users.locked(db, user)
    row = get(db, user, phone)
    if ring_seconds is not None and ring_seconds not in RING_SECONDS:
        raise BadInput("bad_ring_seconds", least=str(RING_SECONDS[0]), most=str(RING_SECONDS[-1]))
    row.label = label or row.label
    row.ring_seconds = row.ring_seconds if ring_seconds is None else ring_seconds
    row.enabled = row.enabled if enabled is None else enabled
    row.pin_waived = row.pin_waived if pin_waived is None else pin_waived
    if position is not None:
        others = [other for other in of_user(db, user) if other.id != phone]
        others.insert(max(0, position), row)
        _number(others)
    db.flush()
    return row


def remove(db: Session, user: UUID, phone: UUID, now: datetime) -> None:
    users.locked(db, user)
    row = get(db, user, phone)
    if row.tries or row.cooling_until:
        db.add(
            RemovedPhone(
                user_id=user,
                address=row.address,
                tries=row.tries,
                cooling_until=row.cooling_until,
                removed=now,
            )
        )
    db.delete(row)
    db.flush()
    _number(of_user(db, user))


def _number(rows: list[Phone]) -> None:
    for position, row in enumerate(rows):
        row.position = position


# --- verification: the digits shown in the chat, typed on the phone that rings ------------------


def tries_left(db: Session, user: UUID, phone: UUID, now: datetime) -> int:
    """NotAllowed("cooling", until=) after three wrong ones, for 24 hours."""
    users.locked(db, user)
    row = get(db, user, phone)
    if row.cooling_until is not None:
        if now < row.cooling_until:
            raise NotAllowed("cooling", until=row.cooling_until.isoformat())
        row.tries, row.cooling_until = 0, None
    return TRIES - row.tries


def failed(db: Session, user: UUID, phone: UUID, now: datetime) -> int:
    """One more wrong try; how many are left."""
    users.locked(db, user)
    row = get(db, user, phone)
    row.tries = min(TRIES, row.tries + 1)
    if row.tries == TRIES:
        row.cooling_until = now + COOLING
    return TRIES - row.tries


def verified(db: Session, user: UUID, phone: UUID, now: datetime) -> Phone:
    row = get(db, user, phone)
    row.verified_at, row.tries, row.cooling_until = now, 0, None
    return row
