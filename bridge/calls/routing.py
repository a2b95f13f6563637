"""Whom to ring when somebody calls, or why not. Pure: rules, caller and time in, a plan out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.calls.block_list import is_blocked
from bridge.calls.book import Phone, Rules
from bridge.control.views import QuietHours
from bridge.terms import Party, RingMode

BUSY_WAIT = 20.0
"""Seconds in which a second caller can be taken from the chat before the voicemail answers."""


@dataclass(frozen=True)
class Plan:
    """`rounds` of phones that ring together, one round after the other; then the voicemail.

    `reason` says why nothing rings by itself: "blocked", "quiet_hours", "busy_line", "no_phone".
    """

    rounds: tuple[tuple[Phone, ...], ...] = ()
    reason: str = ""
    rejected: bool = False
    wait_seconds: float = 0.0


def plan(rules: Rules, caller: Party, now: datetime, engaged: bool = False) -> Plan:
    """`engaged`: another call rings or is on one of the user's phones."""
    if is_blocked(rules, caller):
        return Plan(reason="blocked", rejected=True)
    if is_quiet(rules.quiet_hours, now, rules.zone):
        return Plan(reason="quiet_hours")
    phones = sorted((phone for phone in rules.phones if phone.rings), key=lambda one: one.position)
    if not phones:
        return Plan(reason="no_phone")
    if engaged:
        return Plan(reason="busy_line", wait_seconds=BUSY_WAIT)
    if rules.ring_mode is RingMode.IN_ORDER:
        return Plan(tuple((phone,) for phone in phones))
    return Plan((tuple(phones),))


def is_quiet(hours: tuple[QuietHours, ...], now: datetime, zone: ZoneInfo) -> bool:
    """By the clock on the user's wall: when it is set back an hour, that hour counts twice."""
    local = now.astimezone(zone)
    today = local.weekday()
    yesterday = (local - timedelta(days=1)).weekday()
    clock = local.time()
    for quiet in hours:
        begun = today in quiet.weekdays and clock >= quiet.start
        if quiet.start < quiet.end:
            if begun and clock < quiet.end:
                return True
        elif begun or (yesterday in quiet.weekdays and clock < quiet.end):
            return True
    return False
