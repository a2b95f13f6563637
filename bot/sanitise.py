"""Names, labels and numbers that strangers chose, made fit to be used."""

import unicodedata

from telegram import Contact

LONGEST = 64

# control, format (among them the marks that turn the writing direction), surrogates, private use
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}
# the one of them that emoji are made with
_JOINER = "\u200d"


def tidy(text: str, length: int = LONGEST) -> str:
    """One line that shows what it is, at most `length` characters long."""
    kept = (
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or character == _JOINER
        or unicodedata.category(character) not in _HIDDEN
    )
    line = " ".join("".join(kept).split())
    return clipped(line, length) if line.strip(_JOINER) else ""


def fitting(text: str, units: int) -> str:
    """At most so many UTF-16 code units of it, which is what Telegram counts, in whole words where
    there are any.
    """
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * units:
        return text
    kept = encoded[: 2 * (units - 1)].decode("utf-16-le", "ignore")
    return (kept.rpartition(" ")[0] or kept).rstrip() + "…"


def clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def number_of(contact: Contact) -> str:
    number = contact.phone_number
    if contact.user_id and number.isdecimal() and not number.startswith("0"):
        return f"+{number}"  # people on Telegram have their country code, but not its sign
    return number
