"""Text from strangers, made fit to be kept, shown and sent on: a SIP header or a chat name may hold
anything.
"""

import re
import unicodedata

LONGEST = 200
"""Code points of a name, a label or an address."""

# what no database or header takes, what a terminal obeys, and what makes a display show something
# else than what is there: a caller could make his number read as another one
_UNFIT = re.compile(
    "["
    r"\x00-\x1f\x7f-\x9f"  # control characters
    r"\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff"  # lone surrogates, private use
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they reorder what stands beside them
    r"\u00ad\u180e\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # unseen
    "]"
)
_JOINERS = "\u200c\u200d\ufe0f"


def printable(text: str) -> str:
    """Without what is unfit for a display; line feeds stay."""
    return "\n".join(_UNFIT.sub("", line) for line in text.split("\n"))


def clean_text(text: str, longest: int = LONGEST, more: str = "") -> str:
    """`text` in one line without control characters, NUL (PostgreSQL refuses it), lone surrogates,
    writing-direction marks and what else is not seen, cut to `longest` code points, of which the
    last are `more`. Emoji stay; "" when nothing would be seen.
    """
    # by one expression, because a podcast's show notes are millions of characters
    line = " ".join(_UNFIT.sub("", " ".join(text.split())).split())
    if len(line) > longest:
        line = line[: longest - len(more)].rstrip(_JOINERS).rstrip() + more
    # format characters shape what is beside them, and alone show nothing
    return "" if all(unicodedata.category(each) == "Cf" for each in line) else line


def clean_lines(text: str, longest: int) -> str:
    """Like `clean_text`, but line by line; of empty lines one is left."""
    lines = [clean_text(line, longest) for line in text.splitlines()]
    kept = (line for line, before in zip(lines, ["", *lines], strict=False) if line or before)
    return "\n".join(kept).strip()[:longest].rstrip()


def unaccented(text: str) -> str:
    """Its letters without accents and dots: "Zoë" is "Zoe"."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(part for part in parts if not unicodedata.combining(part))


def folded(text: str) -> str:
    """Without accents, capitals and what else two ways of writing a name differ in."""
    return " ".join(unaccented(text).casefold().split())
