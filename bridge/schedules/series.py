"""One event of a calendar, with everything that repeats it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from bridge.schedules.moment import Moment
from bridge.schedules.rule import Rule
from bridge.schedules.schedule import days

_DAY = timedelta(days=1)


class Exceptions:
    """What EXDATE and RECURRENCE-ID take out: instants, local times wherever they are, or days."""

    __slots__ = ("_days", "_instants", "_walls")

    def __init__(self, moments: Collection[Moment]) -> None:
        timed = [one for one in moments if not one.all_day]
        self._days = frozenset(one.day for one in moments if one.all_day)
        self._walls = frozenset(one.wall for one in timed if one.zone is None)
        self._instants = frozenset(one.at(UTC) for one in timed if one.zone is not None)

    def hold(self, wall: datetime, at: datetime) -> bool:
        return wall in self._walls or at in self._instants or wall.date() in self._days


@dataclass(frozen=True, slots=True)
class Series:
    """`rules` with their last moments; `dates` are the start and what RDATE adds. Rules go by the
    clock of `zone`, or of who reads them.
    """

    zone: tzinfo | None
    rules: tuple[tuple[Rule, Moment | None], ...]
    dates: tuple[Moment, ...]
    without: Exceptions

    def between(self, begin: datetime, end: datetime, here: tzinfo) -> Iterator[datetime]:
        """Instants (UTC) from `begin` on, before `end`; in no order."""
        for wall, at in self._all(begin, end, here):
            if begin <= at < end and not self.without.hold(wall, at):
                yield at

    def _all(
        self, begin: datetime, end: datetime, here: tzinfo
    ) -> Iterator[tuple[datetime, datetime]]:
        """Local times and their instants; some outside of the two, too."""
        # nowhere is the clock a day away from UTC; a gap may be one
        low, high = (edge.astimezone(UTC).replace(tzinfo=None) for edge in (begin, end))
        low, high = low - 2 * _DAY, high + 2 * _DAY
        for one in self.dates:
            if low <= one.wall <= high:
                yield one.wall, one.at(here)
        for rule, until in self.rules:
            first = max(low.date(), rule.start.date())
            last = min(high.date(), until.day + _DAY) if until else high.date()
            for day in days(first, last):
                for wall in rule.walls(day):
                    at = Moment(wall, self.zone).at(here)
                    if until is None or not _is_over(until, wall, at):
                        yield wall, at


def _is_over(until: Moment, wall: datetime, at: datetime) -> bool:
    if until.all_day:
        return wall.date() > until.day
    return wall > until.wall if until.zone is None else at > until.at(UTC)
