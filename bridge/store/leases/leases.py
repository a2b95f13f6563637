"""Leases: at most one worker may act for an account, even when a failure detector errs.

A house acquires them for its workers, renews all of them well before `ttl` is over, and tells each
worker until when; a worker stops acting for an account of which it is not told in time. The time is
counted from before the database was asked: `valid_until = now() before the query + ttl - margin`.
The epoch grows with each acquisition; `guard` refuses a write by a holder who has slept through his
successor's beginning.

Time is the database's own where the database is shared between machines (PostgreSQL's now()); on
SQLite it is this machine's clock. `now` overrides both.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, func, select, true, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bridge.errors import NotAllowed
from bridge.store.engine.base import Base
from bridge.store.engine.text import CleanText

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Lease(Base):
    __tablename__ = "leases"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    owner: Mapped[str] = mapped_column(CleanText(64), default="")
    """Unique for each start of a worker process (a UUID), or a restarted worker would renew its
    predecessor's lease.
    """
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    lease_until: Mapped[datetime] = mapped_column(default=NEVER, index=True)


def acquire(
    db: Session,
    owner: str,
    accounts: Collection[UUID],
    ttl: timedelta,
    now: datetime | None = None,
) -> dict[UUID, int]:
    """Take those that nobody holds: account -> epoch. What is missing is somebody else's."""
    now = now or clock(db)
    free = db.scalars(
        select(Lease.account_id)
        .where(Lease.account_id.in_(accounts), Lease.lease_until <= now)
        .order_by(Lease.account_id)
        .with_for_update(skip_locked=True)
    ).all()
    taken = db.execute(
        update(Lease)
        .where(Lease.account_id.in_(free))
        .values(owner=owner, epoch=Lease.epoch + 1, lease_until=now + ttl)
        .returning(Lease.account_id, Lease.epoch)
        .execution_options(synchronize_session=False)
    )
    return {account: epoch for account, epoch in taken}


def renew(
    db: Session,
    held: Mapping[UUID, tuple[str, int]],
    ttl: timedelta,
    now: datetime | None = None,
) -> set[UUID]:
    """Those of `held` (account -> owner and epoch) that are still held so. One that is missing is
    lost: stop acting for it at once.
    """
    now = now or clock(db)
    renewed = db.execute(
        update(Lease)
        .where(
            tuple_(Lease.account_id, Lease.owner, Lease.epoch).in_(
                [(account, owner, epoch) for account, (owner, epoch) in held.items()]
            ),
            Lease.lease_until > now,
        )
        .values(lease_until=now + ttl)
        .returning(Lease.account_id)
        .execution_options(synchronize_session=False)
    )
    return set(renewed.scalars())


def release(db: Session, owner: str, accounts: Collection[UUID]) -> None:
    """Let go of some; others may take them at once."""
    _let_go(db, owner, Lease.account_id.in_(accounts))


def release_owner(db: Session, owner: str) -> None:
    """Everything a worker held; by its supervisor, once the process has surely ended."""
    _let_go(db, owner, true())


def guard(db: Session, owner: str, account: UUID, epoch: int, now: datetime | None = None) -> None:
    """NotAllowed("lease_lost") unless `owner` holds the lease in this very epoch; if he does, it
    stays his until this transaction ends.
    """
    held = db.scalar(
        select(Lease.epoch)
        .where(
            Lease.account_id == account,
            Lease.owner == owner,
            Lease.epoch == epoch,
            Lease.lease_until > (now or clock(db)),
        )
        .with_for_update(read=True)
    )
    if held is None:
        raise NotAllowed("lease_lost")


def _let_go(db: Session, owner: str, which: ColumnElement[bool]) -> None:
    db.execute(
        update(Lease)
        .where(Lease.owner == owner, which)
        .values(owner="", lease_until=NEVER)
        .execution_options(synchronize_session=False)
    )


def clock(db: Session) -> datetime:
    """What time it is for leases."""
    if db.get_bind().dialect.name == "postgresql":
        return db.execute(select(func.now())).scalar_one().astimezone(UTC)
    return datetime.now(UTC)
