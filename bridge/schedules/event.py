"""VEVENT (RFC 5545 section 3.6.1), as far as it says when."""

from bridge.schedules.content import Component, Property
from bridge.schedules.moment import Moment, moment
from bridge.schedules.rule_text import Budget, rule
from bridge.schedules.series import Exceptions, Series
from bridge.schedules.zones import Zones


class Event:
    """BadInput("bad_calendar") if it cannot be read."""

    def __init__(self, part: Component, zones: Zones) -> None:
        self._part, self._zones = part, zones
        self.uid = part.text("UID")
        self.start = self._moments("DTSTART")[0]
        self.rings = not self.start.all_day and part.text("STATUS").upper() != "CANCELLED"
        self.instead_of = next(iter(self._moments("RECURRENCE-ID")), None)
        """The one of a series that this is."""
        number = part.text("SEQUENCE")[:9]
        self.sequence = int(number) if number.isascii() and number.isdigit() else 0

    def series(self, changed: list[Moment], budget: Budget) -> Series:
        """Without those that are `changed`, as they are events of their own."""
        rules = (rule(one.value, self.start.wall, budget) for one in self._part.all("RRULE"))
        added = (one for one in self._moments("RDATE") if not one.all_day)
        return Series(
            zone=self.start.zone,
            rules=tuple(rules),
            dates=(self.start, *added),
            without=Exceptions([*self._moments("EXDATE"), *changed]),
        )

    def _moments(self, name: str) -> list[Moment]:
        return [one for written in self._part.all(name) for one in self._read(written)]

    def _read(self, written: Property) -> list[Moment]:
        zone = self._zones.named(written.zone)
        # of a PERIOD its beginning
        return [moment(word.partition("/")[0], zone) for word in written.value.split(",")]
