"""The users' accounts on the networks. Their secrets are sealed, bound to row and field."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint, select, true, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.sql.base import ExecutableOption

from bridge import files
from bridge.errors import BadInput, UnknownTarget
from bridge.store.engine.base import Base, OfUser, OwnId
from bridge.store.engine.locks import Lock, take
from bridge.store.engine.seal import KeyRing, SecretPlace, keys_of
from bridge.store.engine.text import CleanText
from bridge.store.leases.leases import Lease
from bridge.store.people import users
from bridge.terms import Health

MOST = 6
"""pjsua2 knows eight accounts, and the way to the phones takes two."""


class Account(Base):
    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("user_id", "network", "address"),)

    id: Mapped[OwnId]
    user_id: Mapped[OfUser]
    network: Mapped[str] = mapped_column(CleanText(30))
    address: Mapped[str]
    label: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=True)
    is_trunk: Mapped[bool] = mapped_column(default=False)
    """Telephone numbers are dialled through it; at most one of a user's accounts."""
    is_phone_in: Mapped[bool] = mapped_column(default=False)
    """Whoever calls it comes to the menu, and rings no phone."""
    options: Mapped[dict[str, str]] = mapped_column(default=dict)
    sealed: Mapped[bytes] = mapped_column(info={"secret": True}, deferred=True)
    """The JSON of the secrets, in the envelope of bridge.store.engine.seal."""
    created: Mapped[datetime]
    health: Mapped[Health] = mapped_column(default=Health.CONNECTING)
    since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, str]] = mapped_column(default=dict)


def of_user(db: Session, user: UUID, *options: ExecutableOption) -> list[Account]:
    """The oldest first. `options`: what is read with them, such as undefer(Account.sealed)."""
    own = select(Account).where(Account.user_id == user).options(*options)
    return list(db.scalars(own.order_by(Account.created, Account.id)))


def get(db: Session, user: UUID, account: UUID) -> Account:
    row = db.scalar(select(Account).where(Account.user_id == user, Account.id == account))
    if row is None:
        raise UnknownTarget("no_such_account")
    return row


def desktops(db: Session, user: UUID | None = None) -> set[int]:
    """The numbers of the folders that accounts own: all, or only those of a user."""
    rows = select(Account.options).where(Account.user_id == user if user else true())
    return {int(options[files.DESKTOP]) for options in db.scalars(rows) if files.DESKTOP in options}


def keep(
    db: Session,
    user: UUID,
    network: str,
    address: str,
    *,
    options: Mapping[str, str],
    secrets: Mapping[str, str],
    now: datetime,
    label: str = "",
    account: UUID | None = None,
) -> Account:
    """What a sign-in brought: a new account, or new credentials for `account` or for the one that
    has this address already. BadInput("too_many_accounts").
    """
    users.locked(db, user)
    take(db, Lock.SEAL, shared=True)  # before any row: a rotation holds it when it turns to them
    same = db.scalar(
        select(Account).where(
            Account.user_id == user, Account.network == network, Account.address == address
        )
    )
    row = get(db, user, account) if account else same
    if row is None:
        if len(of_user(db, user)) >= MOST:
            raise BadInput("too_many_accounts", limit=str(MOST))
        row = Account(id=uuid4(), user_id=user, network=network, created=now)
    elif row.network != network:
        raise UnknownTarget("no_such_account")
    elif same is not None and same is not row:
        raise BadInput("account_exists")
    row.address, row.options = address, dict(options)
    row.label = label or row.label or address
    row.enabled = True
    row.health, row.since, row.reason, row.facts = Health.CONNECTING, now, "", {}
    row.sealed = keys_of(db).seal(json.dumps(dict(secrets)).encode(), _place(row.id))
    if row not in db:
        db.add(row)
        db.flush()
        db.add(Lease(account_id=row.id))
    db.flush()
    return row


def secrets(db: Session, user: UUID, account: UUID) -> dict[str, str]:
    """Opened; only for the worker that signs in. SetupFault("seal_broken") or
    ("seal_key_missing").
    """
    get(db, user, account)
    sealed = db.execute(select(Account.sealed).where(Account.id == account)).scalar_one()
    opened: dict[str, str] = json.loads(keys_of(db).open(sealed, _place(account)))
    return opened


def change(
    db: Session,
    user: UUID,
    account: UUID,
    *,
    now: datetime,
    label: str | None = None,
    enabled: bool | None = None,
    is_trunk: bool | None = None,
    is_phone_in: bool | None = None,
) -> Account:
    """Only what is given changes. There is one trunk: making this it unmakes the other."""
    users.locked(db, user)
    row = get(db, user, account)
    row.label = label or row.label
    if enabled is not None and enabled != row.enabled:
        row.enabled, row.since, row.reason, row.facts = enabled, now, "", {}
        row.health = Health.CONNECTING if enabled else Health.OFF
    row.is_phone_in = row.is_phone_in if is_phone_in is None else is_phone_in
    if is_trunk is not None:
        if is_trunk:
            others = update(Account).where(Account.user_id == user, Account.id != account)
            db.execute(others.values(is_trunk=False))
        row.is_trunk = is_trunk
    db.flush()
    return row


def note_health(
    db: Session,
    user: UUID,
    account: UUID,
    health: Health,
    since: datetime,
    reason: str = "",
    facts: Mapping[str, str] | None = None,
) -> Account:
    """What its session reports. An account that was switched off meanwhile stays off."""
    row = get(db, user, account)
    if row.enabled or health is Health.OFF:
        row.health, row.since, row.reason, row.facts = health, since, reason, dict(facts or {})
        db.flush()
    return row


def unserved(db: Session, user: UUID, now: datetime) -> None:
    """The user's worker is gone: what was ready has to sign in anew. What was down stays down, so
    that its return is told.
    """
    ready = update(Account).where(Account.user_id == user, Account.health == Health.READY)
    db.execute(ready.values(health=Health.CONNECTING, since=now))


def remove(db: Session, user: UUID, account: UUID) -> None:
    db.delete(get(db, user, account))
    db.flush()


def rewrap(db: Session, keys: KeyRing) -> int:
    """Put every account's data key under the current one of `keys`; how many were not yet."""
    take(db, Lock.SEAL)
    changed = 0
    for account, sealed in db.execute(select(Account.id, Account.sealed)).all():
        fresh = keys.rewrap(sealed, _place(account))
        if fresh != sealed:
            db.execute(update(Account).where(Account.id == account).values(sealed=fresh))
            changed += 1
    return changed


def _place(account: UUID) -> SecretPlace:
    return SecretPlace("accounts", account, "sealed")
