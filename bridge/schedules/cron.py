"""Cron expressions: five fields, as in crontab(5).

Our own, as APScheduler's numbers weekdays from Monday, wants both days where crontab(5) wants
either, and rings twice in autumn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bridge.errors import BadInput
from bridge.schedules.schedule import MOST_A_DAY, days
from bridge.schedules.wall import instant


class _Field(NamedTuple):
    lowest: int
    highest: int
    names: tuple[str, ...] = ()
    """In their order, from `lowest` on."""


_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31),
    _Field(1, 12, _MONTHS),
    _Field(0, 7, _WEEKDAYS),
)
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of each month."""


@dataclass(frozen=True)
class Cron:
    times: tuple[time, ...]
    monthdays: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Monday."""
    either: bool
    """Days of the month and weekdays are both restricted: one of them is enough."""

    def starts(self, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
        for day in filter(self._is_on, days(first, last)):
            for at in self.times:
                yield instant(datetime.combine(day, at), zone)

    def _is_on(self, day: date) -> bool:
        by_month, by_week = day.day in self.monthdays, day.weekday() in self.weekdays
        matched = by_month or by_week if self.either else by_month and by_week
        return matched and day.month in self.months


def cron(expression: str) -> Cron:
    """BadInput("bad_cron") for what is none, for a day that never comes (30 February), and for
    more than MOST_A_DAY times a day: "* 7 * * *" rings sixty times, and is always a mistake.
    """
    words = expression.lower().split()
    if len(words) != len(_FIELDS):
        raise BadInput("bad_cron")
    minutes, hours, monthdays, months, weekdays = map(_values, words, _FIELDS)
    either = not words[2].startswith("*") and not words[4].startswith("*")
    comes = any(min(monthdays) <= _LONGEST[month - 1] for month in months)
    if len(minutes) * len(hours) > MOST_A_DAY or not (comes or either):
        raise BadInput("bad_cron")
    return Cron(
        times=tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)),
        monthdays=monthdays,
        months=months,
        weekdays=frozenset((day - 1) % 7 for day in weekdays),  # 0 and 7 are Sunday
        either=either,
    )


def _values(word: str, field: _Field) -> frozenset[int]:
    return frozenset().union(*(_range(part, field) for part in word.split(",")))


def _range(part: str, field: _Field) -> range:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if span == "*":
        low, high = field.lowest, field.highest
    else:
        low = _number(first, field)
        high = _number(last, field) if dash else low
    every = _digits(step) if slash else 1
    if low > high or not every or (slash and not dash and span != "*"):
        raise BadInput("bad_cron")
    return range(low, high + 1, every)


def _number(word: str, field: _Field) -> int:
    if word in field.names:
        return field.names.index(word) + field.lowest
    value = _digits(word)
    if not field.lowest <= value <= field.highest:
        raise BadInput("bad_cron")
    return value


def _digits(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= 2):
        raise BadInput("bad_cron")
    return int(word)
