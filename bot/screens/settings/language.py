"""The language of the chat and of the voice."""

from bot.keyboard import to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import N_
from bridge.api.commands import ChangeSettings

NAMES = {"de": "Deutsch", "en": "English"}

screen = Screen("language", about=N_("Deutsch or English"))


@screen.opened
async def language(visit: RequestContext) -> None:
    words = visit.words
    rows = [[choose.button(name, code)] for code, name in NAMES.items()]
    text = words("Which language shall I speak, here and on the phone?")
    await visit.show(Page(text, [*rows, [to(words.label("Menu"), "start")]]))


@screen.pressed
async def choose(visit: RequestContext, code: str) -> None:
    chosen = await visit.ask(ChangeSettings(user=visit.user, language=code))
    visit.member = visit.member.model_copy(update={"language": chosen.language})
    words = visit.words
    rows = [[to(words.label("Settings"), "settings"), to(words.label("Menu"), "start")]]
    await visit.show(Page(words("From now on I speak English."), rows))
