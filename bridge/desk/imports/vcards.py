"""Address books as telephones and other programs write them: vCard 2.1, 3.0 and 4.0 (RFC 2426,
6350).

Of a card only the lines that matter are shown to the library, each of them short and well-formed:
it needs ages for a line that is neither, and a card's picture is nobody's business here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bridge.errors import BadInput

LONGEST = 16 << 20
"""Characters of a file; most of them are pictures."""
MOST_CARDS = 2000
MOST_ADDRESSES = 100
"""Of a card."""
MOST_PROPERTIES = 10_000
"""Names, numbers and addresses, of all cards together."""
_MOST_LINES = 500_000
_LONGEST_LINE = 500
_NETWORKS = {"X-JABBER": "xmpp", "X-SIP": "sip", "X-SKYPE": "skype", "X-SKYPE-USERNAME": "skype"}
_NAMES = ("FN", "N")
_ADDRESSES = ("TEL", "IMPP", *_NETWORKS)

_PHYSICAL = re.compile(r"[^\r\n]+")
_NAME = re.compile(r"(?:[\w-]+\.)?(?P<name>[\w-]+)[;:]", re.ASCII)
_VALUE = r'(?:"[^"]*"|[^";:,]*)'
# the same language as the library's, but of what it accepts each can be read in one way only
_HEAD = re.compile(rf"(?:[\w-]+\.)?[\w-]+(?:;[\w-]+(?:={_VALUE}(?:,{_VALUE})*)?)*:", re.ASCII)

_CHARSET = re.compile(r";CHARSET=[^;:]*")
# Python knows slow ones, too
_ORDINARY = re.compile(r";CHARSET=(?:UTF-8|US-ASCII|ISO-8859-\d{1,2}|WINDOWS-125\d)(?:$|;)")


@dataclass
class VCard:
    """Somebody. `addresses` are numbers as they are written, or begin with their network: sip:,
    xmpp: and so on.
    """

    name: str = ""
    addresses: list[str] = field(default_factory=list)
    structured: str = field(default="", repr=False)
    """The name in parts, for cards that have no other."""

    @property
    def shown(self) -> str:
        return " ".join((self.name or self.structured).split())


def read(text: str) -> list[VCard]:
    """In their order. BadInput("bad_vcard") when there is none, ("too_long") for too many."""
    if len(text) > LONGEST:
        raise BadInput("too_long")
    cards: list[VCard] = []
    depth = properties = 0
    for line in _logical_lines(text):
        found = _NAME.match(line)
        if found is None:
            continue
        match found["name"].upper():
            case "BEGIN":
                depth += 1
                if depth == 1:
                    cards.append(VCard())
            case "END":
                depth = max(0, depth - 1)
            case name if depth == 1 and name in (*_NAMES, *_ADDRESSES):
                properties += 1
                _take(cards[-1], line)
        if len(cards) > MOST_CARDS or properties > MOST_PROPERTIES:
            raise BadInput("too_long")
    if not cards:
        raise BadInput("bad_vcard")
    return cards


def _logical_lines(text: str) -> Iterator[str]:
    """Folded lines in one, and those that quoted-printable continues; what is too long is cut."""
    held, quoted = "", False
    for number, found in enumerate(_PHYSICAL.finditer(text.removeprefix("\ufeff"))):
        if number == _MOST_LINES:
            raise BadInput("too_long")
        line = found.group()
        if quoted and held.endswith("="):  # a space after it is of the text
            goes_on, rest = held[:-1], line
        elif line[0] in " \t":
            goes_on, rest = held, line[1:]
        else:
            yield held
            held = line[: _LONGEST_LINE + 1]
            quoted = "QUOTED-PRINTABLE" in held.upper()
            continue
        if len(held) <= _LONGEST_LINE:
            held = (goes_on + rest)[: _LONGEST_LINE + 1]
    yield held


def _take(card: VCard, line: str) -> None:
    parsed = _parsed(line) if len(line) <= _LONGEST_LINE else None
    if parsed is None:
        return
    value = _plain(parsed.value)
    if parsed.name == "FN":
        card.name = card.name or value
    elif parsed.name == "N":
        card.structured = card.structured or _joined(parsed.value)
    elif value.strip():
        network = _NETWORKS.get(parsed.name)
        prefixed = network is None or value.lower().startswith(f"{network}:")
        card.addresses.append(value if prefixed else f"{network}:{value}")


def _parsed(line: str) -> Any:
    """A ContentLine of vobject; None for what is none."""
    from vobject.base import (  # type: ignore[import-untyped]  # 4 MB: only when they are needed
        VObjectError,
        textLineToContentLine,
    )

    head = _HEAD.match(line)
    if head is None:
        return None
    known, value = head.group()[:-1].upper(), line[head.end() :]
    bare = _CHARSET.sub("", known)
    # who writes quoted-printable without saying in what means UTF-8, or has an old telephone
    for attempt in (known if _ORDINARY.search(known) else bare, f"{bare};CHARSET=LATIN-1"):
        try:
            return textLineToContentLine(f"{attempt}:{value}")
        except (ValueError, LookupError):  # it is in another charset, or in one that is none
            continue
        except VObjectError:
            break
    return None


def _plain(value: str) -> str:
    """Without the backslashes of RFC 6350 section 3.4."""
    from vobject.icalendar import stringToTextValues  # type: ignore[import-untyped]

    found: str = stringToTextValues(value.rstrip("\\"), listSeparator=None)[0]
    return found


def _joined(value: str) -> str:
    """Given name and family name, of a name in parts."""
    from vobject.vcard import splitFields, toList  # type: ignore[import-untyped]

    parts = [" ".join(toList(part)) for part in splitFields(value.rstrip("\\"))]
    return " ".join(reversed(parts[:2]))
