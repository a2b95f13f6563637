"""Hours as people type them: "22-7", "22:30 bis 07:00", "Mon-Fri 10pm-7am", "Sa, So 21-9"."""

import re
from datetime import time

from bridge.api.listening_views import Times
from bridge.api.views import QuietHoursView

# the first letters are enough, in either language; "s" alone would not be
_DAYS = {
    "mo": 0, "tu": 1, "di": 1, "we": 2, "mi": 2, "th": 3, "do": 3,
    "fr": 4, "sa": 5, "su": 6, "so": 6,
}  # fmt: skip

_TO = r"\s*(?:-|–|—|to|till|until|bis)\s*"
_CLOCK = r"(\d{1,2})(?:[:.h](\d{2}))?\s*(?:uhr|o'clock)?\s*(am|pm)?"
_HOURS = re.compile(rf"^(.*?)\s*(?:from|von)?\s*{_CLOCK}{_TO}{_CLOCK}$")
_MOMENT = re.compile(rf"^(.*?)\s*(?:at|um)?\s*{_CLOCK}$")
_DAY = r"([a-zäöü]{2,})\.?"
_DAY_RANGE = re.compile(rf"^{_DAY}(?:{_TO}{_DAY})?$")


def parse(text: str) -> QuietHoursView | None:
    """None when it cannot be understood. Without days it is every day."""
    found = _HOURS.match(text.strip().lower().rstrip("."))
    if not found:
        return None
    start, end = _clock(*found.group(2, 3, 4)), _clock(*found.group(5, 6, 7))
    weekdays = _weekdays(found[1].strip(" ,:"))
    if start is None or end is None or start == end or not weekdays:
        return None
    return QuietHoursView(start=start, end=end, weekdays=weekdays)


def parse_time(text: str) -> Times | None:
    """One time a day: "7:30", "Mon-Fri 18:00", "Sa um 9 Uhr"; None when it cannot be understood."""
    found = _MOMENT.match(text.strip().lower().rstrip("."))
    if not found:
        return None
    at = _clock(*found.group(2, 3, 4))
    weekdays = _weekdays(found[1].strip(" ,:"))
    return Times(weekdays=weekdays, at=at) if at is not None and weekdays else None


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    hours, minutes = int(hour), int(minute or 0)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half == "pm" else 0)
    if (hours, minutes) == (24, 0):
        hours = 0
    return time(hours, minutes) if hours < 24 and minutes < 60 else None


def _weekdays(text: str) -> frozenset[int]:
    """Empty when the days cannot be understood."""
    if not text:
        return frozenset(range(7))
    days: set[int] = set()
    for part in re.split(r"\s*(?:,|;|\+|&|\bund\b|\band\b)\s*", text):
        found = _DAY_RANGE.match(part)
        first = _DAYS.get(found[1][:2]) if found else None
        last = _DAYS.get(found[2][:2]) if found and found[2] else first
        if first is None or last is None:
            return frozenset()
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days)
