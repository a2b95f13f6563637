"""Recurrence rules (RFC 5545 section 3.3.10), asked day by day.

Our own, as the libraries walk from a rule's start to its next date, and never end for a rule that
has none: 2,000 daily events cost them 10 s and 330 MB for one day, FREQ=SECONDLY hangs. Here a day
costs the same wherever the rule began.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from bridge.schedules.schedule import days


class Frequency(StrEnum):
    """Those of a call; nobody is called every second."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, eq=False)
class Rule:
    """Weekdays are 0 (Monday) to 6; numbers below 0 count from the end. Times are naive."""

    start: datetime
    frequency: Frequency
    interval: int
    times: tuple[time, ...]
    """Ascending."""
    week_start: int = 0
    months: frozenset[int] = frozenset()
    weeks: frozenset[int] = frozenset()
    yeardays: frozenset[int] = frozenset()
    monthdays: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    ordinals: frozenset[tuple[int, int]] = frozenset()
    """(2, 0): the second Monday of the month, or of the year."""
    positions: frozenset[int] = frozenset()

    @property
    def cost(self) -> int:
        """Of a day that is looked at; one without positions is a few comparisons."""
        return len(self.times) if self.positions else 1

    def walls(self, day: date) -> list[datetime]:
        """Local times on this day, ascending."""
        if not self._in_phase(day):
            return []
        if self.positions:
            found = [wall for wall in _chosen(self, self._period(day)) if wall.date() == day]
        else:
            found = self._of_day(day)
        return [wall for wall in found if wall >= self.start]

    def _of_day(self, day: date) -> list[datetime]:
        return [datetime.combine(day, at) for at in self.times] if self._matches(day) else []

    def _in_phase(self, day: date) -> bool:
        begun = self.start.date()
        match self.frequency:
            case Frequency.DAILY:
                passed = (day - begun).days
            case Frequency.WEEKLY:
                passed = (_week(day, self.week_start) - _week(begun, self.week_start)).days // 7
            case Frequency.MONTHLY:
                passed = (day.year - begun.year) * 12 + day.month - begun.month
            case Frequency.YEARLY:
                passed = day.year - begun.year
        return passed % self.interval == 0

    def _matches(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if (self.weekdays or self.ordinals) and not self._on_weekday(day):
            return False
        if self.monthdays and not _either_way(day.day, _length_of_month(day), self.monthdays):
            return False
        if self.yeardays and not _either_way(
            _number_in_year(day), _length_of_year(day), self.yeardays
        ):
            return False
        return not self.weeks or _either_way(*_week_of_year(day, self.week_start), self.weeks)

    def _on_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        if weekday in self.weekdays:
            return True
        if not any(weekday == wanted for _, wanted in self.ordinals):
            return False
        if self.frequency is Frequency.MONTHLY or self.months:
            number, length = day.day, _length_of_month(day)
        else:
            number, length = _number_in_year(day), _length_of_year(day)
        ahead, behind = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
        return (ahead, weekday) in self.ordinals or (behind, weekday) in self.ordinals

    def _period(self, day: date) -> tuple[date, date]:
        match self.frequency:
            case Frequency.DAILY:
                return day, day
            case Frequency.WEEKLY:
                first = _week(day, self.week_start)
                return first, first + timedelta(days=6)
            case Frequency.MONTHLY:
                return day.replace(day=1), day.replace(day=_length_of_month(day))
            case Frequency.YEARLY:
                return date(day.year, 1, 1), date(day.year, 12, 31)


@lru_cache(maxsize=1024)
def _chosen(rule: Rule, period: tuple[date, date]) -> list[datetime]:
    """What BYSETPOS takes from all times of a period."""
    found = [wall for day in days(*period) for wall in rule._of_day(day)]
    length = len(found)
    return [
        wall for number, wall in enumerate(found, 1) if _either_way(number, length, rule.positions)
    ]


def _either_way(number: int, length: int, wanted: frozenset[int]) -> bool:
    """Counted from the beginning, or from the end."""
    return number in wanted or number - length - 1 in wanted


def _length_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _number_in_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _length_of_year(day: date) -> int:
    return _number_in_year(date(day.year, 12, 31))


def _week(day: date, week_start: int) -> date:
    """Its first day."""
    return day - timedelta(days=(day.weekday() - week_start) % 7)


def _week_of_year(day: date, week_start: int) -> tuple[int, int]:
    """Its number and how many there are; the first one has four days in the year at least."""
    middle = _week(day, week_start) + timedelta(days=3)
    last = _week(date(middle.year, 12, 28), week_start) + timedelta(days=3)
    return (_number_in_year(middle) - 1) // 7 + 1, (_number_in_year(last) - 1) // 7 + 1
