"""The language of the chat and of the voice."""

from bot.keyboard import to
from bot.request_context import Page, RequestContext
from bot.screen import Screen
from bot.wording.texts import N_
from bridge.api.commands.preferences import ChangeSettings

NAMES = {"de": "Deutsch", "en": "English"}

screen = Screen("language", about=N_("Deutsch or English"))


@screen.opened
async def language(request: RequestContext) -> None:
    words = request.words
    rows = [[choose.button(name, code)] for code, name in NAMES.items()]
    text = words("Which language shall I speak, here and on the phone?")
    await request.show(Page(text, [*rows, [to(words.label("Menu"), "start")]]))


@screen.pressed
async def choose(request: RequestContext, code: str) -> None:
    chosen = await request.ask(ChangeSettings(user=request.user, language=code))
    request.member = request.member.model_copy(update={"language": chosen.language})
    words = request.words
    rows = [[to(words.label("Settings"), "settings"), to(words.label("Menu"), "start")]]
    await request.show(Page(words("From now on I speak English."), rows))
