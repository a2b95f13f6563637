"""Names and labels that strangers chose, made fit to be shown in a chat."""

from bridge.text import clean_text

LONGEST = 64


def tidy(text: str, length: int = LONGEST) -> str:
    """One line that shows what it is, at most `length` characters long."""
    return clean_text(text, length, more="…")


def fitting(text: str, units: int) -> str:
    """At most so many UTF-16 code units of it, which is what Telegram counts, in whole words where
    there are any.
    """
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * units:
        return text
    kept = encoded[: 2 * (units - 1)].decode("utf-16-le", "ignore")
    return (kept.rpartition(" ")[0] or kept).rstrip() + "…"
