"""DATE and DATE-TIME (RFC 5545 sections 3.3.4 and 3.3.5)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from bridge.errors import BadInput
from bridge.schedules.wall import instant

_WRITTEN = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?", re.ASCII)
_YEARS = range(1600, 2200)
"""Outlook's time zones begin in 1601."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`wall` is naive; without a `zone` it floats: it is meant wherever its reader is.
    With `all_day` its time means nothing.
    """

    wall: datetime
    zone: tzinfo | None = None
    all_day: bool = False

    @property
    def day(self) -> date:
        return self.wall.date()

    def at(self, here: tzinfo) -> datetime:
        """In UTC, for a reader whose zone is `here`."""
        return instant(self.wall, self.zone or here)


def moment(text: str, zone: tzinfo | None = None) -> Moment:
    """`zone` is the one that was named beside it; Z wins. BadInput("bad_calendar")."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise BadInput("bad_calendar")
    day, clock, utc = written.groups()
    try:
        wall = datetime.strptime(day + (clock or "000000"), "%Y%m%d%H%M%S")
    except ValueError:
        raise BadInput("bad_calendar") from None
    if wall.year not in _YEARS:
        raise BadInput("bad_calendar")
    return Moment(wall, UTC if utc else zone if clock else None, all_day=clock is None)
