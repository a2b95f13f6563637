"""Every table of the store, in one place for the migrations and for export."""

from bridge.store import (
    accounts,
    calls,
    contacts,
    feeds,
    invites,
    leadership,
    leases,
    legs,
    outbox,
    phones,
    pins,
    rules,
    slots,
    speed_dials,
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
    "contacts",
    "feeds",
    "invites",
    "leadership",
    "leases",
    "legs",
    "metadata",
    "outbox",
    "phones",
    "pins",
    "rules",
    "slots",
    "speed_dials",
    "stations",
    "subscriptions",
    "users",
    "voicemails",
]
