"""A calendar as a schedule (iCalendar, RFC 5545). All-day events are no calls; times without a zone
are the user's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bridge.schedules.content import components
from bridge.schedules.event import Event
from bridge.schedules.moment import Moment
from bridge.schedules.rule_text import Budget
from bridge.schedules.series import Series
from bridge.schedules.wall import instant
from bridge.schedules.zones import Zones

_BLOCK = timedelta(days=31)


@dataclass(frozen=True)
class Calendar:
    series: tuple[Series, ...]

    def starts(self, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
        begin = instant(datetime.combine(first, time()), zone)
        end = instant(datetime.combine(last + timedelta(days=1), time()), zone)
        while begin < end:
            until = min(begin + _BLOCK, end)
            yield from sorted({at for one in self.series for at in one.between(begin, until, zone)})
            begin = until


def calendar(written: bytes) -> Calendar:
    """BadInput("bad_calendar") for what cannot be read, or costs too much to follow."""
    parts, budget = components(written), Budget()
    zones = Zones((part for part in parts if part.name == "VTIMEZONE"), budget)
    events = [Event(part, zones) for part in parts if part.name == "VEVENT" and part.all("DTSTART")]
    # what a changed event takes the place of counts even when it does not ring itself
    changed = _latest(one for one in events if one.instead_of)
    whole = _latest(one for one in events if not one.instead_of)
    taken: dict[str, list[Moment]] = {}
    for one in changed:
        if one.instead_of is not None:
            taken.setdefault(one.uid, []).append(one.instead_of)
    return Calendar(
        (
            *(one.series([], budget) for one in changed if one.rings),
            *(one.series(taken.get(one.uid, []), budget) for one in whole if one.rings),
        )
    )


def _latest(events: Iterable[Event]) -> list[Event]:
    """Of each event that comes more than once the one with the highest SEQUENCE."""
    latest: dict[object, Event] = {}
    for one in events:
        key = (one.uid, one.instead_of) if one.uid else id(one)
        known = latest.get(key)
        if known is None or one.sequence >= known.sequence:
            latest[key] = one
    return list(latest.values())
