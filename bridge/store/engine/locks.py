"""Locks for what one row cannot guard; each is held until the transaction ends.

SQLite needs none: its transactions are opened with BEGIN IMMEDIATE (`database`), so there
is one writer at a time. In PostgreSQL they are advisory locks. Take them in the order of the
members, and a user's row (users.locked) before any of them; then no two transactions wait for each
other.
"""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

_OURS = 0x5332_5300  # advisory locks are one number space for the whole database


class Lock(IntEnum):
    MIGRATION = _OURS + 1
    PEOPLE = _OURS + 2
    """Who belongs to the house."""
    SEAL = _OURS + 3
    """The master keys: shared by those who seal, exclusive for the rotation."""
    FEEDS = _OURS + 5
    """Which feeds there are, and that each is wanted by somebody."""
    OUTBOX = _OURS + 4
    """The order of the events."""


def take(db: Session | Connection, lock: Lock, *, shared: bool = False) -> None:
    dialect = db.dialect if isinstance(db, Connection) else db.get_bind().dialect
    if dialect.name == "postgresql":
        taken = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        db.execute(select(taken(lock.value)))
