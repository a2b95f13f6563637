"""What every schedule can say, and what is made of it: occurrences, each of them once."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

MOST_A_DAY = 24
"""Calls; nobody wants more, but calendars and cron expressions may say so by mistake."""
HORIZON = timedelta(days=400)
"""Far enough for what happens once a year."""
_DAY = timedelta(days=1)


class Schedule(Protocol):
    """Says which local times of a day are due."""

    def starts(self, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
        """The instants (UTC, ascending) of these local days; a few around them do no harm."""
        ...


@dataclass(frozen=True)
class Occurrence:
    """`local_date` and `key`, the local time "07:00", are what clocks in the zone show at `at`
    (UTC); there is one occurrence for both.
    """

    at: datetime
    local_date: date
    key: str


Upcoming = tuple[list[Occurrence], datetime]


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


def between(
    schedule: Schedule, zone: ZoneInfo, after: datetime, until: datetime
) -> list[Occurrence]:
    """Those later than `after` and not later than `until`, in their order."""
    return list(_occurrences(schedule, zone, after, until))


def upcoming(
    schedule: Schedule, zone: ZoneInfo, after: datetime, until: datetime, horizon: timedelta
) -> Upcoming:
    """Those of `between`, and the first instant later than `until`; `horizon` after that if there
    is none before: so far nobody looks.
    """
    found: list[Occurrence] = []
    for one in _occurrences(schedule, zone, after, until + horizon):
        if one.at > until:
            return found, one.at
        found.append(one)
    return found, until + horizon


def following(schedule: Schedule, zone: ZoneInfo, after: datetime) -> datetime | None:
    """The next instant (UTC) later than `after`; None if there is none within HORIZON."""
    found = next(_occurrences(schedule, zone, after, after + HORIZON), None)
    return found.at if found else None


def _occurrences(
    schedule: Schedule, zone: ZoneInfo, after: datetime, until: datetime
) -> Iterator[Occurrence]:
    # a day more on both sides: what rang before `after` counts for its day, and clocks that are
    # set back at midnight show the day before once more
    first = after.astimezone(zone).date() - _DAY
    last = until.astimezone(zone).date() + _DAY
    known: set[tuple[date, str]] = set()
    a_day: Counter[date] = Counter()
    for start in schedule.starts(zone, first, last):
        if start > until:
            return
        local = start.astimezone(zone)
        day, key = local.date(), f"{local:%H:%M}"
        if (day, key) in known or a_day[day] == MOST_A_DAY:
            continue
        known.add((day, key))
        a_day[day] += 1
        if start > after:
            yield Occurrence(start, day, key)


def days(first: date, last: date) -> Iterator[date]:
    """Both included."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)
