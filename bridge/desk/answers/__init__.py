"""The answers to all commands, one module a subject; importing this registers them."""

from bridge.desk.answers import (
    access,
    accounts,
    call_outs,
    calls,
    contacts,
    housekeeping,
    phones,
    podcasts,
    preferences,
    radio,
)

__all__ = [
    "access",
    "accounts",
    "call_outs",
    "calls",
    "contacts",
    "housekeeping",
    "phones",
    "podcasts",
    "preferences",
    "radio",
]
