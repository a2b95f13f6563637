"""Every table of the store, in one place for the migrations and for export."""

from bridge.store import (
    accounts,
    calls,
    feeds,
    invites,
    leadership,
    leases,
    legs,
    outbox,
    phones,
    rules,
    slots,
    stations,
    subscriptions,
    users,
    voicemails,
)
from bridge.store.base import Base

metadata = Base.metadata

__all__ = [
    "accounts",
    "calls",
    "feeds",
    "invites",
    "leadership",
    "leases",
    "legs",
    "metadata",
    "outbox",
    "phones",
    "rules",
    "slots",
    "stations",
    "subscriptions",
    "users",
    "voicemails",
]
