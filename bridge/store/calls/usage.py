"""Usage: a ticket for each leg that we dial, taken before its INVITE, and the limits it must fit
into.

A call counts once, however many phones it rings. Minutes are those of counted legs (they go
through a trunk and cost money): what was talked, and for a leg that is not closed yet the time
since it was opened. A user's day is the date where he is, and where the house is too, or he could
wind it back by changing his time zone; the day of the whole house is the date where the house is.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, func, or_, select, true
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import NotAllowed, UnknownTarget
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.people import phones, users

FORGOTTEN = timedelta(minutes=5)
"""A leg that was not closed and not asked after for so long was over when it was last seen: nobody
could write it down. Running ones are asked after each minute.
"""

MOST_TALK = 24 * 3600.0
"""Seconds of a leg. A worker says how many, and everybody's minutes are computed with it."""


class PhoneLeg(Base):
    """A leg that was dialled, and how long it lasted."""

    __tablename__ = "phone_legs"

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    call_id: Mapped[UUID]
    phone_id: Mapped[UUID | None] = mapped_column(ForeignKey("phones.id", ondelete="SET NULL"))
    """None for a contact, and once the phone was removed: its minutes still count."""
    counted: Mapped[bool]
    opened: Mapped[datetime]
    seen: Mapped[datetime]
    """When it was last known to be running."""
    closed: Mapped[datetime | None] = mapped_column(index=True)
    talk_seconds: Mapped[float] = mapped_column(default=0.0)


@dataclass(frozen=True)
class Allowance:
    """How long a leg may last, and the `rule` that ends it then; `limit` is that rule's minutes."""

    seconds: float
    rule: str
    limit: int


@dataclass(frozen=True)
class UsageTicket:
    """Permission for one phone leg, taken from the limits."""

    id: UUID
    left: Allowance
    """If nobody else calls: running calls share what is left, so `renew` it from time to time."""


def open(
    db: Session,
    user: UUID,
    call: UUID,
    phone: UUID | None,
    *,
    counted: bool,
    now: datetime,
    limits: users.CallLimits,
    house_zone: ZoneInfo,
) -> UsageTicket:
    """Reserve a leg to a phone, or (None) to a contact; or NotAllowed("concurrent_calls" |
    "minutes_today" | "house_minutes_today", limit=). `limits` are those of the host; the user's own
    take precedence.
    """
    row = users.locked(db, user)  # two workers cannot both pass: the second waits here
    if phone is not None:
        phones.get(db, user, phone)
    own = users.limits(row, limits)
    if _other_calls(db, user, call, now) >= own.concurrent_calls:
        raise NotAllowed("concurrent_calls", limit=str(own.concurrent_calls))
    allowances = _allowances(db, row, own, counted, 0.0, now, house_zone)
    for spent in allowances:
        if spent.seconds < 1:
            raise NotAllowed(spent.rule, limit=str(spent.limit))
    ticket = PhoneLeg(
        id=uuid4(),
        user_id=user,
        call_id=call,
        phone_id=phone,
        counted=counted,
        opened=now,
        seen=now,
    )
    db.add(ticket)
    db.flush()
    return UsageTicket(ticket.id, min(allowances, key=_seconds))


def renew(
    db: Session,
    user: UUID,
    ticket: UUID,
    *,
    now: datetime,
    limits: users.CallLimits,
    house_zone: ZoneInfo,
) -> UsageTicket:
    """How long a running leg may still last, what the others used meanwhile taken into account; at
    most zero: cut it. Also notes that it is alive.
    """
    leg = _get(db, user, ticket)
    leg.seen = max(leg.seen, now)
    row = users.get(db, user)
    own, lasted = users.limits(row, limits), (now - leg.opened).total_seconds()
    allowances = _allowances(db, row, own, leg.counted, lasted, now, house_zone)
    return UsageTicket(leg.id, min(allowances, key=_seconds))


def close(db: Session, user: UUID, ticket: UUID, talk_seconds: float, now: datetime) -> None:
    """It is over. Closing it again changes nothing."""
    leg = _get(db, user, ticket)
    if leg.closed is None:
        _close(leg, now, talk_seconds)


def close_of_lost(db: Session, user: UUID, died: datetime | None = None) -> int:
    """Close what a crashed worker left open, all of it taken for talk; how many.

    `died`: when the worker ended. None: nobody knows (the house itself was down), and each leg
    ended when it was last seen running.
    """
    open_ones = db.scalars(
        select(PhoneLeg).where(PhoneLeg.user_id == user, PhoneLeg.closed.is_(None))
    ).all()
    for leg in open_ones:
        ended = max(leg.opened, died or leg.seen)
        _close(leg, ended, (ended - leg.opened).total_seconds())
    return len(open_ones)


def used_today(db: Session, user: UUID, now: datetime) -> float:
    """Counted seconds since the user's midnight."""
    return _used(db, now, _zone(users.get(db, user)), user)


def _close(leg: PhoneLeg, now: datetime, talk_seconds: float) -> None:
    leg.closed = max(leg.opened, now)
    leg.talk_seconds = min(max(0.0, talk_seconds), MOST_TALK)


def _get(db: Session, user: UUID, ticket: UUID) -> PhoneLeg:
    leg = db.scalar(select(PhoneLeg).where(PhoneLeg.user_id == user, PhoneLeg.id == ticket))
    if leg is None:
        raise UnknownTarget("no_such_leg")
    return leg


def _other_calls(db: Session, user: UUID, call: UUID, now: datetime) -> int:
    running = select(func.count(PhoneLeg.call_id.distinct())).where(
        PhoneLeg.user_id == user,
        PhoneLeg.closed.is_(None),
        PhoneLeg.seen > now - FORGOTTEN,
        PhoneLeg.call_id != call,
    )
    return db.execute(running).scalar_one()


def _allowances(
    db: Session,
    row: users.User,
    own: users.CallLimits,
    counted: bool,
    lasted: float,
    now: datetime,
    house_zone: ZoneInfo,
) -> list[Allowance]:
    """What each rule leaves to a leg that has `lasted` so many seconds."""

    def left(rule: str, limit: int, used: float) -> Allowance:
        return Allowance(limit * 60.0 - used, rule, limit)

    longest = left("longest_call", own.longest_call_minutes, lasted)
    if not counted:
        return [longest]
    used, used_by_all = _used_by(db, now, row, house_zone), _used(db, now, house_zone)
    return [
        left("minutes_today", own.minutes_a_day, used),
        left("house_minutes_today", own.house_minutes_a_day, used_by_all),
        longest,
    ]


def _seconds(allowance: Allowance) -> float:
    return allowance.seconds


def _used_by(db: Session, now: datetime, row: users.User, house_zone: ZoneInfo) -> float:
    return max(_used(db, now, zone, row.id) for zone in {_zone(row), house_zone})


def _used(db: Session, now: datetime, zone: ZoneInfo, user: UUID | None = None) -> float:
    """Seconds of the local day that `now` is in: of one user, or of all."""
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    asked = select(PhoneLeg.opened, PhoneLeg.seen, PhoneLeg.closed, PhoneLeg.talk_seconds).where(
        PhoneLeg.counted == true(), or_(PhoneLeg.closed.is_(None), PhoneLeg.closed > midnight)
    )
    if user is not None:
        asked = asked.where(PhoneLeg.user_id == user)
    used = 0.0
    for opened, seen, closed, talked in db.execute(asked).tuples():
        began = opened if closed is None else closed - timedelta(seconds=talked)
        ended = closed or (now if seen > now - FORGOTTEN else seen)
        seconds = (ended - max(began, midnight)).total_seconds()
        used += max(0.0, seconds)
    return used


def _zone(row: users.User) -> ZoneInfo:
    return ZoneInfo(row.time_zone)
