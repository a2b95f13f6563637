"""RRULE as it is written: FREQ=MONTHLY;BYDAY=-1SU;COUNT=10."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import product

from bridge.errors import BadInput
from bridge.schedules.moment import Moment, moment
from bridge.schedules.rule import Frequency, Rule
from bridge.schedules.schedule import MOST_A_DAY, days

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?\d{1,5}", re.ASCII)
_PARTS = {
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY",
    "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS",
}  # fmt: skip
_DAYS_OF_A_RULE = 600
_YEARS = 100
"""Of a rule's life that its COUNT is counted in."""


@dataclass
class Budget:
    """What one calendar may cost, in days that are looked at: for its COUNTs, and by its rules."""

    left: int = 300_000

    def spend(self, days: int) -> None:
        self.left -= days
        if self.left < 0:
            raise BadInput("bad_calendar")


def rule(text: str, start: datetime, budget: Budget) -> tuple[Rule, Moment | None]:
    """The rule for a naive `start`, and its last moment, if it has one. BadInput("bad_calendar")
    for what is none, or rings more often than MOST_A_DAY.
    """
    parts = _parts(text)
    found = _read(parts, start)
    budget.spend(_DAYS_OF_A_RULE * found.cost)
    if "COUNT" not in parts:
        return found, moment(parts["UNTIL"]) if "UNTIL" in parts else None
    return found, _last(found, _number(parts["COUNT"]), budget)


def _parts(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.upper().strip().strip(";").split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) != len(pairs) or not parts.keys() <= _PARTS or {"COUNT", "UNTIL"} <= parts.keys():
        raise BadInput("bad_calendar")
    return parts


def _read(parts: dict[str, str], start: datetime) -> Rule:
    def numbers(name: str, lowest: int, highest: int) -> frozenset[int]:
        return _numbers(parts[name], lowest, highest) if name in parts else frozenset()

    try:
        frequency = Frequency(parts.get("FREQ", ""))
        week_start = _WEEKDAYS.index(parts.get("WKST", "MO"))
    except ValueError:
        raise BadInput("bad_calendar") from None
    by = {
        "months": numbers("BYMONTH", 1, 12),
        "weeks": numbers("BYWEEKNO", -53, 53),
        "yeardays": numbers("BYYEARDAY", -366, 366),
        "monthdays": numbers("BYMONTHDAY", -31, 31),
    }
    weekdays, ordinals = _weekdays(parts.get("BYDAY", ""), frequency)
    if not (by["weeks"] or by["yeardays"] or by["monthdays"] or weekdays or ordinals):
        # the days that the start alone says
        match frequency:
            case Frequency.WEEKLY:
                weekdays = frozenset({start.weekday()})
            case Frequency.MONTHLY:
                by["monthdays"] = frozenset({start.day})
            case Frequency.YEARLY:
                by["months"] = by["months"] or frozenset({start.month})
                by["monthdays"] = frozenset({start.day})
            case Frequency.DAILY:
                pass
    return Rule(
        start=start,
        frequency=frequency,
        interval=_number(parts.get("INTERVAL", "1")),
        times=_times(
            numbers("BYHOUR", 0, 23) or {start.hour},
            numbers("BYMINUTE", 0, 59) or {start.minute},
            numbers("BYSECOND", 0, 59) or {start.second},
        ),
        week_start=week_start,
        weekdays=weekdays,
        ordinals=ordinals,
        positions=numbers("BYSETPOS", -366, 366),
        **by,
    )


def _times(
    hours: Collection[int], minutes: Collection[int], seconds: Collection[int]
) -> tuple[time, ...]:
    if len(hours) * len(minutes) * len(seconds) > MOST_A_DAY:
        raise BadInput("bad_calendar")
    return tuple(sorted(time(*at) for at in product(hours, minutes, seconds)))


def _weekdays(text: str, frequency: Frequency) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    weekdays, ordinals = set(), set()
    for word in text.split(",") if text else ():
        found = _DAY.fullmatch(word.strip())
        if found is None:
            raise BadInput("bad_calendar")
        number, weekday = int(found[1] or 0), _WEEKDAYS.index(found[2])
        # which Monday of a week or a day has no meaning: all of them
        if number and frequency in (Frequency.MONTHLY, Frequency.YEARLY):
            ordinals.add((number, weekday))
        else:
            weekdays.add(weekday)
    return frozenset(weekdays), frozenset(ordinals)


def _number(text: str) -> int:
    if "," in text:
        raise BadInput("bad_calendar")
    (found,) = _numbers(text, 1, 99_999)
    return found


def _numbers(text: str, lowest: int, highest: int) -> frozenset[int]:
    words = [word.strip() for word in text.split(",")]
    if not all(map(_NUMBER.fullmatch, words)):
        raise BadInput("bad_calendar")
    found = frozenset(map(int, words))
    if min(found) < lowest or max(found) > highest or (lowest < 0 and 0 in found):
        raise BadInput("bad_calendar")
    return found


def _last(rule: Rule, count: int, budget: Budget) -> Moment | None:
    """Where COUNT ends; None if that is further than anybody lives."""
    begun = rule.start.date()
    for day in days(begun, date(begun.year + _YEARS, 12, 31)):
        budget.spend(rule.cost)
        walls = rule.walls(day)
        if len(walls) >= count:
            return Moment(walls[count - 1])
        count -= len(walls)
    return None
