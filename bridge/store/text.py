"""Text from strangers, made fit to keep: a SIP header or a chat name may hold anything."""

import unicodedata
from typing import Any

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

LONGEST = 200
"""Code points of a name, a label or an address."""

# They reorder what stands beside them: a caller could make his number read as another one.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_JOINERS = "\u200d\ufe0f"


def clean_text(text: str, longest: int = LONGEST) -> str:
    """`text` in one line without control characters, NUL (PostgreSQL refuses it), lone surrogates
    and writing-direction marks, cut to `longest` code points. Emoji stay.
    """
    spaced = "".join(" " if char.isspace() else char for char in text)
    kept = "".join(
        char
        for char in spaced
        if char not in _REORDERING and unicodedata.category(char) not in ("Cc", "Cs")
    )
    line = " ".join(kept.split())
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
