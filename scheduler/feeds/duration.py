"""itunes:duration, as it is found in the wild."""

import re

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,5}):(\d{1,2}(?:[.,]\d+)?)")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d+)?")
_WORDS = re.compile(
    r"(?:PT?)?\s*(?:(\d{1,4})\s*h[a-z]*\.?)?[\s,]*(?:(\d{1,5})\s*(?:m|min[a-z]*)\.?)?[\s,]*"
    r"(?:(\d{1,9}(?:[.,]\d+)?)\s*s[a-z]*\.?)?",
    re.IGNORECASE,
)


def seconds(text: str) -> float | None:
    """ "3723", "62:03", "1:02:03.5", "PT1H2M3S" (ISO 8601), "1 h 2 min"; None for anything else,
    and for nothing.
    """
    text = text.strip()
    if _NUMBER.fullmatch(text):
        total = _float(text)
    elif found := _CLOCK.fullmatch(text) or _WORDS.fullmatch(text):
        hours, minutes, rest = found.groups()
        total = int(hours or 0) * 3600 + int(minutes or 0) * 60 + _float(rest or "0")
    else:
        return None
    return total if total > 0 else None


def _float(text: str) -> float:
    return float(text.replace(",", "."))
