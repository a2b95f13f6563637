"""Whom to ring when somebody calls, or why not. Pure: rules, caller and time in, a plan out."""

from dataclasses import dataclass
from datetime import datetime

from bridge.api.views import PhoneView
from bridge.calls.policy.block_list import is_blocked
from bridge.calls.ports.subscriber import SubscriberProfile
from bridge.schedules.quiet_hours import is_quiet
from bridge.terms import Party, RingMode

BUSY_WAIT = 20.0
"""Seconds in which a second caller can be taken from the chat before the voicemail answers."""


@dataclass(frozen=True)
class Plan:
    """`rounds` of phones that ring together, one round after the other; then the voicemail.

    `reason` says why nothing rings by itself: "blocked", "not_forwarding", "quiet_hours",
    "busy_line", "no_phone".
    """

    rounds: tuple[tuple[PhoneView, ...], ...] = ()
    reason: str = ""
    rejected: bool = False
    wait_seconds: float = 0.0


def plan(rules: SubscriberProfile, caller: Party, now: datetime, engaged: bool = False) -> Plan:
    """`engaged`: another call rings or is on one of the user's phones."""
    if is_blocked(rules, caller):
        return Plan(reason="blocked", rejected=True)
    if not rules.preferences.forwarding:
        return Plan(reason="not_forwarding")
    if rules.preferences.keeps_quiet and is_quiet(rules.quiet_hours, now, rules.zone):
        return Plan(reason="quiet_hours")
    rounds = rounds_of(rules)
    if not rounds:
        return Plan(reason="no_phone")
    if engaged:
        return Plan(reason="busy_line", wait_seconds=BUSY_WAIT)
    return Plan(rounds)


def rounds_of(rules: SubscriberProfile) -> tuple[tuple[PhoneView, ...], ...]:
    """The phones that ring, as the user wants them to."""
    phones = sorted((phone for phone in rules.phones if phone.rings), key=lambda one: one.position)
    if rules.preferences.ring_mode is RingMode.IN_ORDER:
        return tuple((phone,) for phone in phones)
    return (tuple(phones),) if phones else ()
