"""When a schedule is due: weekly times, cron expressions and calendars. Pure.

All of them go by the clock on the user's wall. An hour that comes twice in autumn rings once; a
time that is skipped in spring rings at the first instant after the gap.
"""

from datetime import time
from typing import Protocol

from bridge.schedules.cron import cron
from bridge.schedules.schedule import Occurrence, Schedule, between, following, upcoming
from bridge.schedules.weekly import Weekly

__all__ = [
    "Occurrence",
    "Schedule",
    "Scheduled",
    "between",
    "following",
    "of_calendar",
    "of_programme",
    "upcoming",
    "weekly",
]

_NEVER = Weekly(frozenset(), time())


class Scheduled(Protocol):
    """Whatever has one of the three schedules: `at` with its weekdays, a calendar, or cron."""

    @property
    def weekdays(self) -> frozenset[int] | None: ...

    @property
    def at(self) -> time | None: ...

    @property
    def calendar(self) -> bytes | None: ...

    @property
    def calendar_address(self) -> str: ...

    @property
    def cron(self) -> str: ...


def weekly(weekdays: frozenset[int], at: time) -> Schedule:
    """0 is Monday; `at` is local time."""
    return Weekly(weekdays, at)


def of_calendar(written: bytes) -> Schedule:
    """BadInput("bad_calendar") for what cannot be read, or costs too much to follow."""
    # icalendar costs 5 MB: only where there is a calendar
    from bridge.schedules.calendars import calendar

    return calendar(written)


def of_programme(row: Scheduled) -> Schedule:
    """BadInput("bad_cron" | "bad_calendar") if it cannot be read. Never due, so far, for a calendar
    that has not been fetched yet.
    """
    if row.at is not None:
        return Weekly(row.weekdays or frozenset(), row.at)
    if row.calendar is not None:
        return of_calendar(row.calendar)
    return _NEVER if row.calendar_address else cron(row.cron)
