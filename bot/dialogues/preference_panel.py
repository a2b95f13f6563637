"""The preferences of a screen, drawn as they are declared: how it is, and a button for how else
it may be.
"""

from collections.abc import Iterator

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.keyboard import Outdated, to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import Words
from bridge.api.commands.preferences import ChangeSettings
from bridge.api.preference import Preference, PreferenceScreen
from bridge.api.preferences import DECLARED, Preferences, checked
from bridge.errors import BadInput


class PreferencePanel:
    """`screen` is named as a PreferenceScreen; what is chosen opens it anew."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._place = PreferenceScreen(screen.name)
        self._prefer = screen.pressed(self.prefer)

    def told(self, words: Words, chosen: Preferences, **facts: object) -> list[Markup]:
        """How it is; `facts` are those of the sentences."""
        return [
            words(offered.help[getattr(chosen, name)], **facts)
            for name, offered in self._offered(chosen)
        ]

    def buttons(self, words: Words, chosen: Preferences) -> list[InlineKeyboardButton]:
        return [
            self._prefer.button(words.label(label), name, value, False)
            for name, offered in self._offered(chosen)
            for value, label in offered.label.items()
            if value != getattr(chosen, name)
        ]

    async def prefer(self, request: RequestContext, name: str, written: str, sure: bool) -> None:
        """`written` as the button carries it. What may surprise is said before it is done."""
        try:
            value = checked({name: written})[name]
        except BadInput:
            raise Outdated from None
        asked = DECLARED[name].confirm.get(value)
        if asked is None or sure:
            await request.ask(ChangeSettings(user=request.user, patch={name: value}))
            await self._screen.presses["open"](request)
            return
        words = request.words
        yes = [self._prefer.button(words.label(asked.yes), name, value, True)]
        no = [to(words.label(asked.no), self._screen.name)]
        await request.show(Page(words(asked.question), [yes, no]))

    def _offered(self, chosen: Preferences) -> Iterator[tuple[str, Preference]]:
        for name, offered in DECLARED.items():
            if offered.screen is self._place and offered.means_something(chosen):
                yield name, offered
