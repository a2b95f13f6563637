"""A menu on the phone is data: what is said, and what each key or word leads to."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from bridge.calls.spoken import N_, Phrase, spoken

T = TypeVar("T", covariant=True)

REPEAT, BACK, NEXT, HELP = "0", "*", "#", "9"
CONTROLS = REPEAT + BACK + NEXT + HELP
"""They mean the same in every menu, so no entry has them."""
KEYS = "12345678"
HELP_TEXT = Phrase(
    N_("Zero says it again, star goes back, hash goes on. You can press a key at any time.")
)


@dataclass(frozen=True)
class MenuEntry(Generic[T]):
    """`key` may have several digits of KEYS. It can be said by its `name`, or by `words` of the
    catalog, "one|another"; with neither it has only its key. One that is not `read_out` can be
    chosen all the same.
    """

    key: str
    sentence: Phrase
    leads: T
    name: str = ""
    words: str = ""
    read_out: bool = True

    def said_as(self, language: str) -> tuple[str, ...]:
        """Ways of saying it."""
        words = spoken(language, self.words).split("|") if self.words else ()
        return tuple(filter(None, (self.name, *words)))

    def named(self, language: str) -> str:
        return next(iter(self.said_as(language)), "")


@dataclass(frozen=True)
class Menu(Generic[T]):
    """Where `confirm` is set, what was said is asked again before it leads anywhere. Where it
    `decides`, words count only once all was said: the echo of "say yes" is no yes.
    """

    title: Phrase
    entries: tuple[MenuEntry[T], ...]
    help: Phrase = HELP_TEXT
    confirm: bool = False
    decides: bool = False
    on_a_page: int = 5

    def pages(self) -> list[tuple[MenuEntry[T], ...]]:
        """What is read out at a time."""
        read = tuple(entry for entry in self.entries if entry.read_out)
        size = self.on_a_page
        return [read[first : first + size] for first in range(0, len(read), size)] or [()]

    def by_key(self, typed: str) -> MenuEntry[T] | None:
        return next((entry for entry in self.entries if entry.key == typed), None)

    def goes_on(self, typed: str) -> bool:
        """Whether a longer key begins with what was typed."""
        return any(
            entry.key.startswith(typed) and len(entry.key) > len(typed) for entry in self.entries
        )


def numbered(place: int) -> str:
    """The key of an entry, counted from 1: 1 to 8, 11 to 18, 21 ... (bijective base 8)."""
    digits = ""
    while place > 0:
        place, rest = divmod(place - 1, len(KEYS))
        digits = KEYS[rest] + digits
    return digits
