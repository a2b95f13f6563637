"""Our side of the process that reads a user's files. Each of them gets one of its own."""

from typing import Annotated, TypeVar

from annotated_types import Len
from pydantic import TypeAdapter

from bridge.children.kinds import IMPORTS
from bridge.children.reader import Reader, ReadingRefused
from bridge.desk.imports.opml import MOST
from bridge.desk.imports.vcards import MOST_ADDRESSES, MOST_CARDS
from bridge.errors import BadInput

T = TypeVar("T")

WITHIN = 60.0
"""Seconds."""

_Cards = list[tuple[str, Annotated[list[str], Len(0, MOST_ADDRESSES)]]]
_CARDS: TypeAdapter[_Cards] = TypeAdapter(Annotated[_Cards, Len(1, MOST_CARDS)])
_FEEDS: TypeAdapter[list[str]] = TypeAdapter(Annotated[list[str], Len(1, MOST)])


async def vcards(text: str) -> list[tuple[str, list[str]]]:
    """(name, addresses as they are written) each. BadInput("bad_vcard" | "too_long")."""
    return await _read(_CARDS, text, "vcards", ("bad_vcard", "too_long"))


async def opml(text: str) -> list[str]:
    """The addresses of feeds, each once. BadInput("bad_opml")."""
    return await _read(_FEEDS, text, "opml", ("bad_opml",))


async def _read(answer: TypeAdapter[T], text: str, form: str, codes: tuple[str, ...]) -> T:
    async with Reader(IMPORTS, WITHIN) as reader:
        try:
            return await reader.ask(answer, text.encode(errors="replace"), form=form)
        except ReadingRefused as why:
            raise BadInput(why.code if why.code in codes else codes[0]) from None
