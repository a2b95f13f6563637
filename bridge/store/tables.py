"""Every table of the store, in one place for the migrations and for export."""

from bridge.store import (
    accounts,
    calls,
    invites,
    leases,
    legs,
    outbox,
    phones,
    rules,
    users,
    voicemails,
)
from bridge.store.base import Base

metadata = Base.metadata

__all__ = [
    "accounts",
    "calls",
    "invites",
    "leases",
    "legs",
    "metadata",
    "outbox",
    "phones",
    "rules",
    "users",
    "voicemails",
]
