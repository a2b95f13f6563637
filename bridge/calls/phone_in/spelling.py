"""A name typed on the keypad: each key stands for its letters, 2 for a, b, c (ITU-T E.161)."""

import re
import unicodedata
from collections.abc import Sequence

from bridge.calls.ivr.menu import Menu, MenuEntry, numbered
from bridge.calls.phone_in.call import PhonedIn
from bridge.calls.phone_in.people import call, name_of
from bridge.calls.ports.directory import DirectoryEntry
from bridge.calls.spoken import N_, Phrase
from bridge.scope import promptly

MOST_READ_OUT = 8
_LETTERS = {"2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv"}
_KEY_OF = {letter: key for key, letters in {**_LETTERS, "9": "wxyz"}.items() for letter in letters}
_KEY_OF |= {digit: digit for digit in "0123456789"}
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"}

_ASKED = N_("Type the beginning of a name, 2 for A, B, C. Then hash.")
_MORE = N_("{count} people begin like that. Type more letters, then hash.")
_NOBODY = N_("Nobody is spelled like that. Type a name, then hash.")
_CALL_HER = Phrase(N_("To call, press 1."))
_FOUND = N_("{name}.")
_SEVERAL = Phrase(N_("Several people begin like that."))
_ONE_OF_THEM = N_("{name}: press {key}.")


async def enter(guest: PhonedIn) -> None:
    """Until somebody was called, or the user goes back."""
    contacts = await promptly(guest.services.directory.contacts())
    typed, sentence, count = "", _ASKED, ""
    while True:
        more = await guest.ivr.type(sentence, typed, count=count)
        if more is None:
            return
        found = spelled(more, contacts)
        if not found:
            typed, sentence = "", _NOBODY
        elif len(found) > MOST_READ_OUT:
            typed, sentence, count = more, _MORE, str(len(found))
        else:
            chosen = await guest.ivr.choose(_menu(guest, found))
            if chosen is not None:
                return await call(guest, chosen)
            typed, sentence = "", _ASKED


def spelled(typed: str, contacts: Sequence[DirectoryEntry]) -> list[DirectoryEntry]:
    """Those one of whose names begins with the typed keys; in their order."""
    return [
        contact
        for contact in contacts
        if any(keys.startswith(typed) for keys in _spellings(contact.name))
    ]


def _menu(guest: PhonedIn, found: Sequence[DirectoryEntry]) -> Menu[DirectoryEntry]:
    if len(found) == 1:
        title = Phrase(_FOUND, {"name": name_of(guest, found[0])})
        return Menu(title, (MenuEntry("1", _CALL_HER, found[0]),))
    entries = (
        MenuEntry(
            numbered(place),
            Phrase(_ONE_OF_THEM, {"key": numbered(place), "name": name_of(guest, contact)}),
            contact,
        )
        for place, contact in enumerate(found, 1)
    )
    return Menu(_SEVERAL, tuple(entries), on_a_page=MOST_READ_OUT)


def _spellings(name: str) -> set[str]:
    """The keys of the whole name and of each of its words, umlauts with and without their e."""
    lower = name.casefold()
    written = "".join(_SPELT_OUT.get(letter, letter) for letter in lower)
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", lower)
        if not unicodedata.combining(letter)
    )
    spellings = set()
    for text in (written, bare):
        words = re.findall(r"\w+", text)
        for first in range(len(words)):
            spellings.add("".join(_KEY_OF.get(letter, "") for letter in "".join(words[first:])))
    return spellings - {""}
