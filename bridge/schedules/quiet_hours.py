"""Quiet hours: when nothing rings by itself, and until when. Pure."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bridge.api.views import QuietHoursView
from bridge.schedules.wall import instant

_LONGEST = 9
"""Days; ranges that touch may be quiet for a week, or for ever."""


def is_quiet(hours: Collection[QuietHoursView], now: datetime, zone: ZoneInfo) -> bool:
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


def quiet_until(
    hours: Collection[QuietHoursView], now: datetime, zone: ZoneInfo
) -> datetime | None:
    """The first instant from `now` on that is not quiet, `hours` being to the minute; None if it is
    always quiet.
    """
    if not is_quiet(hours, now, zone):
        return now
    loud = (end for end in sorted(_ends(hours, now, zone)) if end > now)
    return next((end for end in loud if not is_quiet(hours, end, zone)), None)


def _ends(hours: Collection[QuietHoursView], now: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    today = now.astimezone(zone).date()
    for quiet in hours:
        for day in range(_LONGEST):
            wall = datetime.combine(today + timedelta(days=day), quiet.end)
            yield instant(wall, zone)
            yield wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # in autumn, the second one
