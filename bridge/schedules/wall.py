"""From the clock on a wall to the instant that it means."""

from datetime import UTC, datetime, timedelta, tzinfo

_SECOND = timedelta(seconds=1)


def instant(wall: datetime, zone: tzinfo) -> datetime:
    """The first instant at which clocks in `zone` show `wall` (naive, whole seconds). A time that
    is skipped in spring is the first instant after the gap.
    """
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    return _end_of_gap(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), found, zone)


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The change of the clocks between the two."""
    changed = after.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if middle.astimezone(zone).utcoffset() == changed:
            after = middle
        else:
            before = middle
    return after
