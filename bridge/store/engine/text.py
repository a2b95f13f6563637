"""Text from strangers, made fit to keep: a SIP header or a chat name may hold anything."""

import re
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

LONGEST = 200
"""Code points of a name, a label or an address."""

# They reorder what stands beside them: a caller could make his number read as another one.
_REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# by one expression, because a podcast's show notes are millions of characters
_UNFIT = re.compile(f"[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff{_REORDERING}]")
_JOINERS = "\u200d\ufe0f"


def clean_text(text: str, longest: int = LONGEST) -> str:
    """`text` in one line without control characters, NUL (PostgreSQL refuses it), lone surrogates
    and writing-direction marks, cut to `longest` code points. Emoji stay.
    """
    spaced = " ".join(text.split())
    line = " ".join(_UNFIT.sub("", spaced).split())
    return line if len(line) <= longest else line[:longest].rstrip(_JOINERS).rstrip()


class CleanText(TypeDecorator[str]):
    """A VARCHAR through which only clean text passes, whatever statement carries it."""

    impl = String
    cache_ok = True

    def __init__(self, length: int = LONGEST) -> None:
        super().__init__(length)
        self.longest = length

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_text(value, self.longest)

    def process_literal_param(self, value: str | None, dialect: Dialect) -> str:
        return str.__repr__(clean_text(value or "", self.longest))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self


def clean_lines(text: str, longest: int) -> str:
    """Like `clean_text`, but line by line; of empty lines one is left."""
    lines = [clean_text(line, longest) for line in text.splitlines()]
    kept = (line for line, before in zip(lines, ["", *lines], strict=False) if line or before)
    return "\n".join(kept).strip()[:longest].rstrip()


class CleanLines(TypeDecorator[str]):
    """A TEXT of several lines, each of them clean."""

    impl = Text
    cache_ok = True

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_lines(value, self.longest)
