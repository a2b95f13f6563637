"""A time on some weekdays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bridge.schedules.schedule import days
from bridge.schedules.wall import instant


@dataclass(frozen=True)
class Weekly:
    """0 is Monday; `at` is naive."""

    weekdays: frozenset[int]
    at: time

    def starts(self, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
        for day in days(first, last):
            if day.weekday() in self.weekdays:
                yield instant(datetime.combine(day, self.at), zone)
