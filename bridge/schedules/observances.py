"""A time zone as VTIMEZONE describes it (RFC 5545 section 3.6.5), for names that nobody knows."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bridge.schedules.rule import Rule
from bridge.schedules.rule_text import Budget
from bridge.schedules.schedule import days

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Observance:
    """From `start` on (naive, by the clock of `before`) clocks are `after` ahead of UTC."""

    before: timedelta
    after: timedelta
    start: datetime
    rule: Rule | None = None
    until: datetime | None = None

    @property
    def cost(self) -> int:
        """In days that are looked at for the changes of a year."""
        return 366 * self.rule.cost if self.rule else 1

    def changes(self, year: int) -> Iterator[datetime]:
        """Of this year, as naive UTC; the first one in every year from then on."""
        if self.start.year <= year:
            yield self.start - self.before
        if self.rule is not None:
            for day in days(date(year, 1, 1), date(year, 12, 31)):
                for wall in self.rule.walls(day):
                    if self.until is None or wall <= self.until:
                        yield wall - self.before


class Observances(tzinfo):
    """`budget` is spent on each year that is asked for, once."""

    def __init__(self, observances: Iterable[Observance], budget: Budget) -> None:
        self._observances = sorted(observances, key=lambda one: one.start)
        self._budget = budget
        self._years: dict[int, list[tuple[datetime, timedelta]]] = {}

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        if dt is None:
            return None
        wall = dt.replace(tzinfo=None)
        before, after = self._offset(wall - _DAY), self._offset(wall + _DAY)
        if before == after:
            return before
        # beside a change: with which of the two does the wall show this?
        was_before = self._offset(wall - before) == before
        is_after = self._offset(wall - after) == after
        if was_before == is_after:
            return after if dt.fold else before  # both in autumn, neither in spring
        return before if was_before else after

    def fromutc(self, dt: datetime) -> datetime:
        local = dt + self._offset(dt.replace(tzinfo=None))
        is_second = self.utcoffset(local.replace(fold=0)) != local - dt
        return local.replace(fold=int(is_second))

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> None:
        return None

    def _offset(self, utc: datetime) -> timedelta:
        changes = self._changes(utc.year)
        number = bisect_right(changes, (utc, timedelta.max))
        return changes[number - 1][1] if number else self._observances[0].before

    def _changes(self, year: int) -> list[tuple[datetime, timedelta]]:
        if year not in self._years:
            years = range(year - 1, year + 2)
            self._budget.spend(len(years) * sum(one.cost for one in self._observances))
            self._years[year] = sorted(
                (change, one.after)
                for one in self._observances
                for of_year in years
                for change in one.changes(of_year)
            )
        return self._years[year]
