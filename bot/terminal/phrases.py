"""The terminal's own words, in the language of the person in front of it."""

from collections.abc import Mapping

from bot.wording.catalog import translations
from bot.wording.texts import language_of


class Phrases:
    """Unlike `bot.wording.texts.Words` this is for plain text: facts stay whole, as paths must."""

    def __init__(self, language: str) -> None:
        self.language = language_of(language)

    def __call__(self, sentence: str, **facts: object) -> str:
        return translations(self.language).gettext(sentence).format_map(facts)


def language_of_terminal(environment: Mapping[str, str]) -> str:
    """The language by the locale variables of POSIX, in their order: "de_AT.UTF-8" is "de"."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return language_of(environment[name].partition(".")[0].replace("_", "-"))
    return language_of(None)
