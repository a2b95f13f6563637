"""What the chat says, in the language of whoever reads it.

Message ids are the English sentences, placeholders are named: `words("{name} called.", name=...)`.
A sentence is Telegram's HTML; facts are tidied and escaped on the way in, so a hostile name stays a
name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale
from babel.dates import format_skeleton, format_time, get_day_names
from markupsafe import Markup

from bot.sanitise import tidy
from bot.wording.catalog import LANGUAGES, translations

# British English, because it writes 14:03 as the German does
_LOCALES = {"de": Locale("de"), "en": Locale("en", "GB")}


def N_(sentence: str) -> str:
    """Marks a sentence for translation where it is only kept, not yet said."""
    return sentence


def language_of(code: str | None) -> str:
    """The language of ours that is nearest to an IETF tag such as "de-AT"."""
    nearest = (code or "").lower().partition("-")[0]
    return nearest if nearest in LANGUAGES else "en"


class _Facts(dict[str, object]):
    """A sentence about a fact that was not given still reads, instead of failing."""

    def __missing__(self, key: str) -> str:
        return "–"


@dataclass(frozen=True)
class Words:
    language: str
    zone: ZoneInfo

    @classmethod
    def plain(cls, language: str) -> "Words":
        """For what tells no times."""
        return cls(language, ZoneInfo("UTC"))

    def __call__(self, sentence: str, **facts: object) -> Markup:
        """The sentence as HTML; facts that are not HTML themselves are escaped."""
        return Markup(self.translated(sentence)).format_map(_tidied(facts))

    def label(self, sentence: str, **facts: object) -> str:
        """The sentence as plain text, for buttons and command lists."""
        return self.translated(sentence).format_map(_tidied(facts))

    def translated(self, sentence: str) -> str:
        """A sentence that comes from elsewhere, word for word, as plain text."""
        return translations(self.language).gettext(sentence) if sentence else ""

    def count(self, one: str, many: str, number: int, **facts: object) -> Markup:
        """`one` or `many`, by the plural rule of the language; {number} is the number."""
        sentence = translations(self.language).ngettext(one, many, number)
        return Markup(sentence).format_map(_tidied({**facts, "number": number}))

    @property
    def locale(self) -> Locale:
        return _LOCALES[self.language]

    # --- times ---------------------------------------------------------------------------------

    def clock(self, instant: datetime | clock_time) -> str:
        """ "14:03"; an instant is told in the user's own zone."""
        if isinstance(instant, datetime):
            instant = instant.astimezone(self.zone).time()
        return format_time(instant, "HH:mm", locale=self.locale)

    def when(self, instant: datetime, now: datetime | None = None) -> str:
        """ "today 14:03", "yesterday 14:03", "Mon, 3 Nov, 14:03"."""
        local = instant.astimezone(self.zone)
        today = (now or datetime.now(UTC)).astimezone(self.zone).date()
        clock = self.clock(instant)
        if local.date() == today:
            return self.label("today {clock}", clock=clock)
        if local.date() == today - timedelta(days=1):
            return self.label("yesterday {clock}", clock=clock)
        if local.date() == today + timedelta(days=1):
            return self.label("tomorrow {clock}", clock=clock)
        return f"{self.day(local.date(), today)}, {clock}"

    def day(self, day: date, today: date) -> str:
        skeleton = "MMMEd" if day.year == today.year else "yMMMd"
        return format_skeleton(skeleton, day, locale=self.locale)

    def weekday(self, number: int) -> str:
        """ "Mon" for 0 to "Sun" for 6."""
        return str(get_day_names("abbreviated", locale=self.locale)[number]).rstrip(".")

    def length(self, seconds: float) -> str:
        """ "3:12", "1:02:03"."""
        minutes, rest = divmod(round(seconds), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

    # --- names ---------------------------------------------------------------------------------

    def country(self, region: str) -> str:
        return str(self.locale.territories.get(region.upper(), region))

    def spoken(self, language: str) -> str:
        """ "German" for "de"."""
        return str(self.locale.languages.get(language, language))

    def address(self, address: str) -> str:
        """A number as people write it, a SIP address without its scheme."""
        if address.startswith("+") and address[1:].isdecimal():
            try:
                number = phonenumbers.parse(address)
            except phonenumbers.NumberParseException:
                return tidy(address)
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return tidy(address.removeprefix("sip:").removeprefix("sips:"))

    def party(self, name: str, address: str) -> str:
        """Who it is, as plain text: the name, else the address, else "unknown caller"."""
        return tidy(name) or self.address(address) or self.label("unknown caller")


def _tidied(facts: Mapping[str, object]) -> _Facts:
    return _Facts(
        (key, fact if isinstance(fact, Markup) or not isinstance(fact, str) else tidy(fact))
        for key, fact in facts.items()
    )


def bold(text: str) -> Markup:
    return Markup("<b>{}</b>").format(tidy(text))


def lines(*parts: str) -> Markup:
    """Lines of HTML under each other; plain text among them is escaped, empty ones are left out."""
    return Markup("\n").join(part for part in parts if part)
