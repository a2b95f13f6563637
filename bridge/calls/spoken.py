"""What the house says on the phone, and how it says what strangers call themselves.

Message ids are the English sentences; the catalogs are bridge/locale/<language>/LC_MESSAGES/
bridge.po.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers

from bridge.terms import Party

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LONGEST_NAME, LONGEST_TITLE = 40, 100
_KEPT = re.compile(r"[\w .,'&-]")
_NUMBER = re.compile(r"\d{3,}")


def N_(sentence: str) -> str:
    """Marks a sentence of the catalog that is spoken elsewhere."""
    return sentence


_NETWORKS = {"sip": N_("telephone"), "phone": N_("telephone"), "xmpp": "XMPP"}


@dataclass(frozen=True)
class Phrase:
    """A sentence of the catalog with its facts, in no language yet."""

    sentence: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def within(self, language: str) -> str:
        return spoken(language, self.sentence, **self.facts)


def spoken(language: str, sentence: str, **facts: str) -> str:
    """`sentence` in `language`, with its named facts."""
    return _catalog(language).gettext(sentence).format(**facts)


def caller(language: str, party: Party, country: str) -> str:
    """Who calls, fit to be read out: a name, a number as it is dialled in `country`, or "somebody
    who hides the number".
    """
    return (
        _readable(party.name)
        or _number(party.address, country)
        or _readable(_without_host(party.address))
        or spoken(language, "somebody who hides the number")
    )


def network(language: str, name: str) -> str:
    """A network as people call it."""
    return spoken(language, _NETWORKS.get(name) or name.capitalize())


def name(language: str, text: str) -> str:
    """What somebody is called, fit to be read out."""
    return _readable(text) or spoken(language, "somebody without a name")


def title(text: str) -> str:
    """What a podcast, an episode or a station calls itself, fit to be read out."""
    return _readable(text, LONGEST_TITLE)


def duration(language: str, seconds: float, *, exactly: bool = False) -> str:
    """ "43 minutes"; `exactly`, with its seconds: "1 hour 2 minutes 5 seconds"."""
    # only here: a worker that plays nothing does not load it
    from babel.units import format_unit

    whole = round(seconds) if exactly else max(60, round(seconds / 60) * 60)
    parts = {"hour": whole // 3600, "minute": whole % 3600 // 60, "second": whole % 60}
    counted = {unit: count for unit, count in parts.items() if count} or {"second": 0}
    return " ".join(
        format_unit(count, f"duration-{unit}", locale=language) for unit, count in counted.items()
    )


def when(language: str, at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """ "today at 14:05", "yesterday at ...", "on 3 May at ..."."""
    # only here: a worker whose user does not phone in does not load it
    from babel.dates import format_skeleton, format_time

    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = format_time(local.timetz(), "short", locale=language).replace("\u202f", " ")
    match (today - local.date()).days:
        case 0:
            return spoken(language, "today at {time}", time=time)
        case 1:
            return spoken(language, "yesterday at {time}", time=time)
    day = format_skeleton("MMMMd", local, locale=language)
    return spoken(language, "on {day} at {time}", day=day, time=time)


def digits(number: str) -> str:
    """One by one: nobody understands a telephone number read as one number."""
    return " ".join(number)


def _readable(text: str, longest: int = LONGEST_NAME) -> str:
    """Letters, digits and a little punctuation in one line; emoji and marks are not spoken."""
    kept = "".join(one if _is_spoken(one) else " " for one in unicodedata.normalize("NFKC", text))
    line = " ".join(kept.split())
    if not any(one.isalnum() for one in line):
        return ""
    if len(line) > longest:
        line = line[:longest].rpartition(" ")[0] or line[:longest]
    return _NUMBER.sub(lambda found: f" {digits(found[0])} ", line).replace("  ", " ").strip()


def _number(address: str, country: str) -> str:
    """Its groups digit by digit, with a pause between them; "" when it is no telephone number."""
    try:
        number = phonenumbers.parse(address, country)
    except phonenumbers.NumberParseException:
        return ""
    at_home = phonenumbers.region_code_for_number(number) == country
    shape = phonenumbers.PhoneNumberFormat
    written = phonenumbers.format_number(number, shape.NATIONAL if at_home else shape.INTERNATIONAL)
    groups = re.findall(r"\d+", written)
    return ("" if at_home else "plus ") + ", ".join(digits(group) for group in groups)


def _is_spoken(char: str) -> bool:
    return bool(_KEPT.match(char)) and char != "_"


def _without_host(address: str) -> str:
    return re.sub(r"^(sips?|tel|xmpp):", "", address, flags=re.IGNORECASE).partition("@")[0]


@cache
def _catalog(language: str) -> NullTranslations:
    """The compiled catalog, or the .po compiled in memory when `make locale` has not been run."""
    source = LOCALE / language / "LC_MESSAGES" / "bridge.po"
    compiled = source.with_suffix(".mo")
    if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
        return GNUTranslations(BytesIO(compiled.read_bytes()))
    if not source.exists():
        return NullTranslations()  # English is the language of the source
    return GNUTranslations(BytesIO(_compile(source)))


def _compile(source: Path) -> bytes:
    # only here: a worker that finds the compiled catalog never loads the compiler
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with source.open("rb") as file:
        write_mo(compiled, read_po(file))
    return compiled.getvalue()
