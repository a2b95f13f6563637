"""Components and their properties, of iCalendar content lines (RFC 5545 section 3.1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Contentlines

from bridge.errors import BadInput

_NAME = re.compile(r"[A-Za-z-]+")
_WANTED = {
    "DTSTART", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SEQUENCE", "STATUS",
    "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-LIC-LOCATION",
}  # fmt: skip
_DEEPEST = 8


@dataclass(frozen=True)
class Property:
    """`zone` is its TZID."""

    value: str
    zone: str = ""


@dataclass(frozen=True)
class Component:
    """A part of a calendar between BEGIN and END (RFC 5545 section 3.6)."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    """Only those that say when."""
    parts: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Property]:
        return self.properties.get(name, [])

    def text(self, name: str) -> str:
        """The first of this name; empty if there is none."""
        found = self.all(name)
        return found[0].value.strip() if found else ""

    def named(self, *names: str) -> Iterator["Component"]:
        return (part for part in self.parts if part.name in names)


def components(calendar: bytes) -> list[Component]:
    """Everything inside of VCALENDAR. BadInput("bad_calendar") for what is none, or was cut off."""
    root = Component("")
    open_ones = [root]
    text = calendar.decode("utf-8-sig", errors="replace")
    for line in Contentlines.from_ical(text):  # type: ignore[no-untyped-call]
        name = _name(line)
        if name == "BEGIN":
            begun = Component(_after_colon(line))
            open_ones[-1].parts.append(begun)
            open_ones.append(begun)
        elif name == "END":
            if open_ones.pop().name != _after_colon(line):
                raise BadInput("bad_calendar")
        elif name in _WANTED:
            open_ones[-1].properties.setdefault(name, []).append(_property(line))
        if not 0 < len(open_ones) <= _DEEPEST:
            raise BadInput("bad_calendar")
    calendars = list(root.named("VCALENDAR"))
    if len(open_ones) > 1 or not calendars:
        raise BadInput("bad_calendar")
    return [part for one in calendars for part in one.parts]


def _name(line: str) -> str:
    found = _NAME.match(line)
    return found[0].upper() if found else ""


def _after_colon(line: str) -> str:
    return line.partition(":")[2].strip().upper()


def _property(line: str) -> Property:
    try:
        _, parameters, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]
    except ValueError:
        raise BadInput("bad_calendar") from None
    return Property(value, str(parameters.get("TZID", "")))
