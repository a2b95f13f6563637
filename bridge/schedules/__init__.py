"""When a schedule is due: weekly times, cron expressions and calendars. Pure.

All of them go by the clock on the user's wall. An hour that comes twice in autumn rings once; a
time that is skipped in spring rings at the first instant after the gap.
"""

from datetime import time

from bridge.schedules.cron import cron
from bridge.schedules.schedule import (
    Occurrence,
    Schedule,
    Scheduled,
    Upcoming,
    between,
    following,
    upcoming,
)
from bridge.schedules.weekly import Weekly

__all__ = [
    "Occurrence",
    "Schedule",
    "Scheduled",
    "Upcoming",
    "between",
    "following",
    "of_programme",
    "upcoming",
    "weekly",
]

_NEVER = Weekly(frozenset(), time())


def weekly(weekdays: frozenset[int], at: time) -> Schedule:
    """0 is Monday; `at` is local time."""
    return Weekly(weekdays, at)


def of_programme(row: Scheduled) -> Schedule:
    """BadInput("bad_cron" | "bad_calendar") if it cannot be read. Never due, so far, for a calendar
    that has not been fetched yet. A calendar is to be read in a child only (`reading`).
    """
    if row.at is not None:
        return Weekly(row.weekdays or frozenset(), row.at)
    if row.calendar is not None:
        # icalendar costs 5 MB
        from bridge.schedules.calendars import calendar

        return calendar(row.calendar)
    return _NEVER if row.calendar_address else cron(row.cron)
