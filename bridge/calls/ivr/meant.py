"""Nobody is dialled on a guess: what was said is asked again, as a menu of what may be meant."""

from collections.abc import Sequence
from typing import TypeVar

from bridge.calls.ivr.menu import KEYS, Menu, MenuEntry
from bridge.calls.spoken import N_, Phrase

T = TypeVar("T")

YES, NO = N_("yes|yeah|correct"), N_("no|nope|wrong")

_MEANT = N_("{name}?")
_YES = Phrase(N_("Press 1 or say yes."))
_NO = Phrase(N_("Press 2 or say no."))
_THIS_ONE = N_("{name}: press {key}.")


def is_it(entry: MenuEntry[T], language: str) -> Menu[MenuEntry[T] | None]:
    """This one, or (None) not."""
    return Menu(
        Phrase(_MEANT, {"name": entry.named(language)}),
        (MenuEntry("1", _YES, entry, words=YES), MenuEntry("2", _NO, None, words=NO)),
        decides=True,
    )


def which(entries: Sequence[MenuEntry[T]], language: str) -> Menu[MenuEntry[T] | None]:
    """One of a few; only by key, for they sound alike."""
    asked = (
        MenuEntry(key, Phrase(_THIS_ONE, {"key": key, "name": entry.named(language)}), entry)
        for key, entry in zip(KEYS, entries, strict=False)
    )
    return Menu(Phrase(""), tuple(asked))
