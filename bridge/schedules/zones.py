"""The time zones of a calendar: by their names if these are known, else as VTIMEZONE says."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bridge.errors import BadInput
from bridge.schedules.content import Component
from bridge.schedules.moment import Moment, moment
from bridge.schedules.observances import Observance, Observances
from bridge.schedules.rule_text import Budget, rule

_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)


class Zones:
    """What TZID means in one calendar."""

    def __init__(self, parts: Iterable[Component], budget: Budget) -> None:
        self._budget = budget
        self._described = {part.text("TZID"): part for part in parts}
        self._found: dict[str, tzinfo | None] = {"": None}

    def named(self, name: str) -> tzinfo | None:
        """None for one that nobody knows: such times float."""
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> tzinfo | None:
        described = self._described.get(name)
        also = described.text("X-LIC-LOCATION") if described else ""
        for candidate in _spellings(name, also):
            try:
                return ZoneInfo(candidate)
            except (LookupError, ValueError, OSError):
                continue
        return _as_described(described, self._budget) if described else None


def _spellings(name: str, also: str) -> Iterator[str]:
    """Europe/Berlin; W. Europe Standard Time; /mozilla.org/20070129_1/Europe/Berlin."""
    yield name
    if name in WINDOWS_TO_OLSON:
        yield WINDOWS_TO_OLSON[name]
    words = name.split("/")
    yield from ("/".join(words[-length:]) for length in (3, 2) if len(words) > length)
    if also:
        yield also


def _as_described(zone: Component, budget: Budget) -> tzinfo | None:
    observances = [
        observance
        for part in zone.named("STANDARD", "DAYLIGHT")
        for observance in _observances(part, budget)
    ]
    return Observances(observances, budget) if observances else None


def _observances(part: Component, budget: Budget) -> Iterator[Observance]:
    start = moment(part.text("DTSTART")).wall
    before, after = _offset(part.text("TZOFFSETFROM")), _offset(part.text("TZOFFSETTO"))
    yield Observance(before, after, start)
    for further in part.all("RDATE"):
        for word in further.value.split(","):
            yield Observance(before, after, moment(word).wall)
    for written in part.all("RRULE"):
        found, last = rule(written.value, start, budget)
        yield Observance(before, after, start, found, _local(last, before) if last else None)


def _local(last: Moment, before: timedelta) -> datetime:
    return last.wall + before if last.zone else last.wall


def _offset(text: str) -> timedelta:
    found = _OFFSET.fullmatch(text)
    if found is None:
        raise BadInput("bad_calendar")
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1):
        raise BadInput("bad_calendar")
    return -offset if found[1] == "-" else offset
