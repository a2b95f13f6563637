"""Every table of the store, in one place for the migrations and for export."""

from bridge.store.calls import calls, outbox, usage, voicemails
from bridge.store.contacts import contacts, speed_dials
from bridge.store.engine.base import Base
from bridge.store.leases import leadership, leases
from bridge.store.listening import due_jobs, feeds, stations, subscriptions
from bridge.store.people import accounts, invites, phones, pins, users
from bridge.store.preferences import block_list, quiet_hours

metadata = Base.metadata

__all__ = [
    "accounts",
    "block_list",
    "calls",
    "contacts",
    "due_jobs",
    "feeds",
    "invites",
    "leadership",
    "leases",
    "metadata",
    "outbox",
    "phones",
    "pins",
    "quiet_hours",
    "speed_dials",
    "stations",
    "subscriptions",
    "usage",
    "users",
    "voicemails",
]
