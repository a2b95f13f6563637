"""Columns through which only clean text passes."""

from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bridge.text import LONGEST, clean_lines, clean_text


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


class CleanLines(TypeDecorator[str]):
    """A TEXT of several lines, each of them clean."""

    impl = Text
    cache_ok = True

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_lines(value, self.longest)
